package io.histoflow.ihc.registration;

import io.histoflow.ihc.transform.Affine;

/**
 * Improves an affine transform by Gauss-Newton on the difference of both images, each brought to
 * mean 0 and variance 1 over what overlaps. A step that does not raise the correlation is not
 * taken.
 */
final class AffineFit {
  private static final int MOST_STEPS = 30;

  private static final int MOST_HALVED = 3;

  /** Where a step moves no corner by more pixels of the level, it is the last. */
  private static final double SMALL = 0.02;

  private final double stiffness;

  /**
   * Makes a fit.
   *
   * @param stiffness what scale and shear cost: a displacement of one pixel by them at the edges of
   *     the image, in squared differences of normalised images; 0 leaves both free
   */
  AffineFit(double stiffness) {
    this.stiffness = stiffness;
  }

  Affine improve(Affine start, Level level) {
    Affine best = start;
    Moments moments = level.moments(start);
    for (int i = 0; i < MOST_STEPS && level.overlaps(moments); i++) {
      Affine next = step(best, level, moments);
      Moments reached = level.moments(next);
      for (int halved = 0; halved < MOST_HALVED && !level.better(reached, moments); halved++) {
        next = best.halfwayTo(next);
        reached = level.moments(next);
      }
      if (!level.better(reached, moments)) {
        return best;
      }
      double moved = moved(best, next, level);
      best = next;
      moments = reached;
      if (moved < SMALL * level.step) {
        return best;
      }
    }
    return best;
  }

  /** One step; positions are counted from the middle in halves of the side, for good numbers. */
  private Affine step(Affine from, Level level, Moments moments) {
    double half = half(level);
    double middleX = level.full((level.fixed.width() - 1) / 2.0);
    double middleY = level.full((level.fixed.height() - 1) / 2.0);
    double fixedMean = moments.fixedMean();
    double movingMean = moments.movingMean();
    double fixedScale = 1 / moments.fixedDeviation();
    double movingScale = 1 / moments.movingDeviation();
    LeastSquares equations = new LeastSquares(6);
    double[] slopes = new double[6];
    level.visit(
        from,
        (x, y, f, m, slopeX, slopeY) -> {
          double gx = slopeX * movingScale;
          double gy = slopeY * movingScale;
          double u = (x - middleX) / half;
          double v = (y - middleY) / half;
          slopes[0] = gx * u;
          slopes[1] = gx * v;
          slopes[2] = gx;
          slopes[3] = gy * u;
          slopes[4] = gy * v;
          slopes[5] = gy;
          double off = (f - fixedMean) * fixedScale - (m - movingMean) * movingScale;
          for (int i = 0; i < 6; i++) {
            equations.target[i] += slopes[i] * off;
            for (int j = 0; j <= i; j++) {
              equations.matrix[i][j] += slopes[i] * slopes[j];
            }
          }
        });
    double[] bent = {
      (from.xx() - 1) * half, from.xy() * half, 0, from.yx() * half, (from.yy() - 1) * half, 0
    };
    double cost = stiffness * moments.count();
    for (int i = 0; i < 6; i++) {
      if (i != 2 && i != 5) {
        equations.matrix[i][i] += cost;
        equations.target[i] -= cost * bent[i];
      }
      equations.matrix[i][i] += 1e-9 * moments.count();
    }
    double[] d = equations.solve();
    return new Affine(
        from.xx() + d[0] / half,
        from.xy() + d[1] / half,
        from.x0() + d[2] - (d[0] * middleX + d[1] * middleY) / half,
        from.yx() + d[3] / half,
        from.yy() + d[4] / half,
        from.y0() + d[5] - (d[3] * middleX + d[4] * middleY) / half);
  }

  private static double moved(Affine from, Affine to, Level level) {
    double right = level.full(level.fixed.width() - 1);
    double bottom = level.full(level.fixed.height() - 1);
    return Math.max(
        Math.max(from.distance(to, 0, 0), from.distance(to, right, 0)),
        Math.max(from.distance(to, 0, bottom), from.distance(to, right, bottom)));
  }

  private static double half(Level level) {
    return level.step * Math.max(level.fixed.width(), level.fixed.height()) / 2.0;
  }
}
