package io.histoflow.studies.routing;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Tiles from the highest score to the lowest. Tiles of equal score are in no order: where only some
 * of them fit, each counts in part, which is what a random order gives on average.
 */
final class Ranking {

  private final int[] order;
  private final double[] scores;

  private Ranking(int[] order, double[] scores) {
    this.order = order;
    this.scores = scores;
  }

  static Ranking of(double[] scores) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Ranking(order, scores.clone());
  }

  /**
   * Adds up the values of the first tiles.
   *
   * @param values of the tiles
   * @param copies how often each tile is there, 0 or more
   * @param picked how many tiles, copies counted, are taken
   */
  double sumOfTop(double[] values, int[] copies, int picked) {
    double sum = 0;
    int left = picked;
    int from = 0;
    while (from < order.length && left > 0) {
      int to = from;
      int tied = 0;
      double tiedSum = 0;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        tied += copies[order[to]];
        tiedSum += copies[order[to]] * values[order[to]];
        to++;
      }
      sum += tied <= left ? tiedSum : tiedSum * left / tied;
      left -= Math.min(left, tied);
      from = to;
    }
    return sum;
  }

  /** Returns each tile's rank from the lowest score, 1 to n, ties at their mean rank. */
  double[] ranks() {
    double[] ranks = new double[order.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      double rank = order.length - (from + to - 1) / 2.0;
      for (int i = from; i < to; i++) {
        ranks[order[i]] = rank;
      }
      from = to;
    }
    return ranks;
  }

  /** Spearman's rank correlation, -1..1; NaN where all scores or all values are equal. */
  static double correlation(double[] a, double[] b) {
    double[] ranksA = of(a).ranks();
    double[] ranksB = of(b).ranks();
    double mean = (a.length + 1) / 2.0;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (ranksA[i] - mean) * (ranksB[i] - mean);
      aa += (ranksA[i] - mean) * (ranksA[i] - mean);
      bb += (ranksB[i] - mean) * (ranksB[i] - mean);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
