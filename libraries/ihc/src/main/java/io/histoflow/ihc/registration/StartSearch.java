package io.histoflow.ihc.registration;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.transform.Affine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Looks through translations, and through turns where sections may lie anyhow, for good starts. */
final class StartSearch {
  private static final int ANGLES = 24;

  private StartSearch() {}

  private record Found(Affine at, double correlation) {}

  /**
   * Returns the translation of the highest correlation: every one up to a reach at a coarse level,
   * then closer around the best.
   *
   * @param levels from coarse to fine
   * @param reach the most pixels each way
   */
  static Affine translation(List<Level> levels, Affine around, int reach) {
    Affine best = around;
    int within = reach;
    for (Level level : levels) {
      best = best(level, best, within).at();
      within = 2 * level.step;
    }
    return best;
  }

  /**
   * Returns the best starts over all turns, each with both images' stain put on one another and
   * moved around, best first.
   *
   * @param reach the most pixels each way
   */
  static List<Affine> turned(Level level, int reach, int count) {
    double[] from = middle(level, level.fixed);
    double[] to = middle(level, level.moving);
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < ANGLES; i++) {
      double angle = 2 * Math.PI * i / ANGLES;
      Affine turned = Affine.turning(angle, from[0], from[1], to[0], to[1]);
      found.add(best(level, turned, reach));
    }
    return found.stream()
        .sorted(Comparator.comparingDouble(start -> -start.correlation()))
        .limit(count)
        .map(Found::at)
        .toList();
  }

  private static Found best(Level level, Affine around, int reach) {
    Found best = new Found(around, level.correlation(around));
    int steps = reach / level.step;
    for (int down = -steps; down <= steps; down++) {
      for (int right = -steps; right <= steps; right++) {
        Affine at = around.moved(right * level.step, down * level.step);
        double correlation = level.correlation(at);
        if (correlation > best.correlation()) {
          best = new Found(at, correlation);
        }
      }
    }
    return best;
  }

  /** The centre of gravity of what is stained, in pixels of the full size. */
  private static double[] middle(Level level, Plane plane) {
    double sum = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < plane.values().length; i++) {
      double value = Math.max(0, plane.values()[i]) + 1e-9;
      sum += value;
      x += value * (i % plane.width());
      int row = i / plane.width();
      y += value * row;
    }
    return new double[] {level.full(x / sum), level.full(y / sum)};
  }
}
