package io.histoflow.ihc.registration;

import io.histoflow.ihc.transform.Affine;
import io.histoflow.ihc.transform.FreeForm;

/**
 * Bends an affine transform by Gauss-Newton on the same difference as {@link AffineFit}, under a
 * penalty on second differences of neighbouring control points. The penalty decides: a weak one
 * chases what the stains show differently.
 *
 * @param spacing of control points in pixels
 * @param penalty what a squared second difference of one pixel costs, in squared differences of
 *     normalised images
 */
record FreeFormFit(double spacing, double penalty) {
  private static final int STEPS = 4;

  FreeForm improve(Affine base, Level level, int width, int height) {
    FreeForm best = FreeForm.over(base, width, height, spacing);
    Moments moments = level.moments(best);
    for (int i = 0; i < STEPS && level.overlaps(moments); i++) {
      FreeForm next = step(best, level, moments);
      Moments reached = level.moments(next);
      if (!level.better(reached, moments)) {
        return best;
      }
      best = next;
      moments = reached;
    }
    return best;
  }

  private FreeForm step(FreeForm from, Level level, Moments moments) {
    int points = from.columns() * from.rows();
    double fixedMean = moments.fixedMean();
    double movingMean = moments.movingMean();
    double fixedScale = 1 / moments.fixedDeviation();
    double movingScale = 1 / moments.movingDeviation();
    LeastSquares equations = new LeastSquares(2 * points);
    int[] index = new int[16];
    double[] weights = new double[16];
    level.visit(
        from,
        (x, y, f, m, slopeX, slopeY) -> {
          double u = from.at(x, from.columns());
          double v = from.at(y, from.rows());
          for (int j = 0; j < 4; j++) {
            double line = FreeForm.weight(j, v - (int) v);
            for (int i = 0; i < 4; i++) {
              index[4 * j + i] = ((int) v + j) * from.columns() + (int) u + i;
              weights[4 * j + i] = line * FreeForm.weight(i, u - (int) u);
            }
          }
          double gx = slopeX * movingScale;
          double gy = slopeY * movingScale;
          double off = (f - fixedMean) * fixedScale - (m - movingMean) * movingScale;
          for (int a = 0; a < 16; a++) {
            double wx = weights[a] * gx;
            double wy = weights[a] * gy;
            double[] rowX = equations.matrix[2 * index[a]];
            double[] rowY = equations.matrix[2 * index[a] + 1];
            equations.target[2 * index[a]] += wx * off;
            equations.target[2 * index[a] + 1] += wy * off;
            for (int b = 0; b <= a; b++) {
              int at = 2 * index[b];
              double w = weights[b];
              rowX[at] += wx * w * gx;
              rowY[at] += wy * w * gx;
              rowY[at + 1] += wy * w * gy;
              if (b < a) {
                rowX[at + 1] += wx * w * gy;
              }
            }
          }
        });
    // By control point, so that the penalty means the same at every level and image size.
    double cost = penalty * moments.count() / points;
    for (int row = 0; row < from.rows(); row++) {
      for (int column = 0; column < from.columns(); column++) {
        int at = row * from.columns() + column;
        if (column > 0 && column < from.columns() - 1) {
          bend(equations, from, cost, at - 1, at, at + 1);
        }
        if (row > 0 && row < from.rows() - 1) {
          bend(equations, from, cost, at - from.columns(), at, at + from.columns());
        }
        for (int axis = 0; axis < 2; axis++) {
          equations.matrix[2 * at + axis][2 * at + axis] += 1e-6 * cost + 1e-9;
        }
      }
    }
    double[] d = equations.solve();
    double[] right = from.right().clone();
    double[] down = from.down().clone();
    for (int i = 0; i < points; i++) {
      right[i] += d[2 * i];
      down[i] += d[2 * i + 1];
    }
    return new FreeForm(from.base(), spacing, from.columns(), from.rows(), right, down);
  }

  /** Adds the cost of one second difference, of both displacements. */
  private static void bend(
      LeastSquares equations, FreeForm from, double cost, int before, int at, int after) {
    int[] points = {before, at, after};
    double[] parts = {1, -2, 1};
    double bentRight = from.right()[before] - 2 * from.right()[at] + from.right()[after];
    double bentDown = from.down()[before] - 2 * from.down()[at] + from.down()[after];
    for (int i = 0; i < 3; i++) {
      equations.target[2 * points[i]] -= cost * parts[i] * bentRight;
      equations.target[2 * points[i] + 1] -= cost * parts[i] * bentDown;
      for (int j = 0; j <= i; j++) {
        equations.matrix[2 * points[i]][2 * points[j]] += cost * parts[i] * parts[j];
        equations.matrix[2 * points[i] + 1][2 * points[j] + 1] += cost * parts[i] * parts[j];
      }
    }
  }
}
