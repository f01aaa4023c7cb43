package io.histoflow.training.augmentation;

import java.util.SplittableRandom;

/**
 * A smooth random displacement: normally distributed control points on a coarse grid, between which
 * a cubic B-spline runs (as Ronneberger et al., 2015, bend cells).
 */
final class ElasticField {

  /** Distance of the control points in pixels: about the size of a nucleus at 40x. */
  private static final int SPACING = 32;

  private final int columns;
  private final float[] dx;
  private final float[] dy;

  /**
   * Draws a field.
   *
   * @param size side of the crop in pixels
   * @param sigma standard deviation of the control points' displacement in pixels
   */
  ElasticField(int size, double sigma, SplittableRandom random) {
    columns = (size - 1) / SPACING + 4;
    dx = new float[columns * columns];
    dy = new float[columns * columns];
    for (int i = 0; i < dx.length; i++) {
      dx[i] = (float) (sigma * gaussian(random));
      dy[i] = (float) (sigma * gaussian(random));
    }
  }

  /** Returns the displacement to the right at a pixel of the crop, in pixels. */
  double dx(int u, int v) {
    return at(dx, u, v);
  }

  /** Returns the displacement downwards at a pixel of the crop, in pixels. */
  double dy(int u, int v) {
    return at(dy, u, v);
  }

  private double at(float[] points, int u, int v) {
    int column = u / SPACING;
    int row = v / SPACING;
    double s = (double) (u % SPACING) / SPACING;
    double t = (double) (v % SPACING) / SPACING;
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      double line = 0;
      for (int i = 0; i < 4; i++) {
        line += spline(i, s) * points[(row + j) * columns + column + i];
      }
      sum += spline(j, t) * line;
    }
    return sum;
  }

  /** The four cubic B-spline weights at position t of an interval, which add up to 1. */
  private static double spline(int i, double t) {
    return switch (i) {
      case 0 -> (1 - t) * (1 - t) * (1 - t) / 6;
      case 1 -> (3 * t * t * t - 6 * t * t + 4) / 6;
      case 2 -> (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
      default -> t * t * t / 6;
    };
  }

  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
