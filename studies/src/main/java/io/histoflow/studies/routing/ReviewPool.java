package io.histoflow.studies.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Tiles that compete with each other for review: of one model those of one organ, or all. A share
 * of s picks the floor of s times n tiles, at least one.
 */
final class ReviewPool {

  private final double[] missed;
  private final double[][] scores;
  private final Ranking[] byScore;
  private final Ranking byMissed;
  private final int[][] patients;

  ReviewPool(List<StudiedTile> tiles) {
    int n = tiles.size();
    int columns = tiles.get(0).scores().size();
    missed = tiles.stream().mapToDouble(StudiedTile::missedPixels).toArray();
    byMissed = Ranking.of(missed);
    scores = new double[columns][n];
    byScore = new Ranking[columns];
    for (int s = 0; s < columns; s++) {
      int column = s;
      scores[s] = tiles.stream().mapToDouble(tile -> tile.scores().get(column)).toArray();
      byScore[s] = Ranking.of(scores[s]);
    }
    Map<String, List<Integer>> byPatient = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      byPatient.computeIfAbsent(tiles.get(i).patient(), p -> new ArrayList<>()).add(i);
    }
    patients =
        byPatient.values().stream()
            .map(members -> members.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  int tiles() {
    return missed.length;
  }

  int patients() {
    return patients.length;
  }

  /** How often each tile is there: once. */
  int[] everyTile() {
    int[] copies = new int[missed.length];
    Arrays.fill(copies, 1);
    return copies;
  }

  /** As many patients as there are, drawn with replacement; each brings all its tiles. */
  int[] drawPatients(SplittableRandom random) {
    int[] copies = new int[missed.length];
    for (int draw = 0; draw < patients.length; draw++) {
      for (int tile : patients[random.nextInt(patients.length)]) {
        copies[tile]++;
      }
    }
    return copies;
  }

  /** Missed pixels that the share of highest scores holds, beside random choice and the oracle. */
  Holding held(int score, int[] copies, double share) {
    int n = 0;
    double total = 0;
    for (int i = 0; i < missed.length; i++) {
      n += copies[i];
      total += copies[i] * missed[i];
    }
    int picked = picked(n, share);
    return new Holding(
        byScore[score].sumOfTop(missed, copies, picked),
        total * picked / n,
        byMissed.sumOfTop(missed, copies, picked),
        total);
  }

  /** Spearman's correlation of a score with the missed pixels. */
  double rankCorrelation(int score) {
    return Ranking.correlation(scores[score], missed);
  }

  static int picked(int tiles, double share) {
    // 0.29 * 100 is a little less than 29 in binary.
    return Math.min(tiles, Math.max(1, (int) Math.floor(share * tiles + 1e-9)));
  }
}
