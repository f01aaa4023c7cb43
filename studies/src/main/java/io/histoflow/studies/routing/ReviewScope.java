package io.histoflow.studies.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Pools whose picked tiles are added up, with one bootstrap that all scores share. */
final class ReviewScope {

  private static final double TENTH = 0.1;
  private static final double FIFTH = 0.2;
  private static final double TAIL = 0.025;

  private final List<ReviewPool> pools;
  private final List<int[]> everyTile;
  private final List<List<int[]>> draws = new ArrayList<>();

  /**
   * @param pools tiles that compete with each other
   * @param rounds of the bootstrap over patients
   * @param seed of the bootstrap
   */
  ReviewScope(List<ReviewPool> pools, int rounds, long seed) {
    this.pools = pools;
    everyTile = pools.stream().map(ReviewPool::everyTile).toList();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < rounds; round++) {
      draws.add(pools.stream().map(pool -> pool.drawPatients(random)).toList());
    }
  }

  ScopeFigures figures(int score) {
    double tiles = pools.stream().mapToInt(ReviewPool::tiles).sum();
    double correlation = 0;
    for (ReviewPool pool : pools) {
      correlation += pool.rankCorrelation(score) * pool.tiles() / tiles;
    }
    return new ScopeFigures(at(score, TENTH), at(score, FIFTH), correlation);
  }

  /** What the tiles as they are hold. */
  Holding holding(int score, double share) {
    return holding(score, everyTile, share);
  }

  private ReviewFigures at(int score, double share) {
    Holding holding = holding(score, share);
    double[] gaps =
        draws.stream()
            .mapToDouble(copies -> holding(score, copies, share).gapClosed())
            .filter(gap -> !Double.isNaN(gap))
            .sorted()
            .toArray();
    return new ReviewFigures(
        share,
        holding.heldShare(),
        holding.randomShare(),
        holding.oracleShare(),
        holding.gapClosed(),
        quantile(gaps, TAIL),
        quantile(gaps, 1 - TAIL));
  }

  private Holding holding(int score, List<int[]> copies, double share) {
    Holding sum = Holding.NOTHING;
    for (int i = 0; i < pools.size(); i++) {
      sum = sum.plus(pools.get(i).held(score, copies.get(i), share));
    }
    return sum;
  }

  private static double quantile(double[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  }
}
