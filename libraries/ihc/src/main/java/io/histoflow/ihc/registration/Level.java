package io.histoflow.ihc.registration;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.transform.Transform;

/**
 * Both images at one step of a pyramid, smoothed, with the moving one's slopes. Transforms are in
 * pixels of the full size.
 */
final class Level {
  /** Least share of the fixed image that must lie on the moving one. */
  static final double LEAST_OVERLAP = 0.3;

  /** Smoothing in pixels of the level. */
  private static final double SIGMA = 2;

  final int step;
  final Plane fixed;
  final Plane moving;
  private final Plane across;
  private final Plane along;

  /**
   * Makes one level.
   *
   * @param step pixels of the full size in one of the level; the smoothing is twice that
   */
  Level(Plane fixed, Plane moving, int step) {
    this.step = step;
    this.fixed = fixed.reduced(step).blurred(SIGMA);
    this.moving = moving.reduced(step).blurred(SIGMA);
    across = slope(this.moving, 1, 0);
    along = slope(this.moving, 0, 1);
  }

  /** Takes what is seen at one pixel of the fixed image. */
  interface Visitor {
    /**
     * Sees one.
     *
     * @param x column on the fixed image, full size
     * @param y row on the fixed image, full size
     * @param f the fixed image's value
     * @param m the moving image's value there
     * @param slopeX change of the moving image's value by one pixel of the full size to the right
     * @param slopeY the same down
     */
    void see(double x, double y, float f, float m, float slopeX, float slopeY);
  }

  /** Shows every pixel of the fixed image that lies on the moving one. */
  void visit(Transform transform, Visitor visitor) {
    for (int row = 0; row < fixed.height(); row++) {
      double y = full(row);
      for (int column = 0; column < fixed.width(); column++) {
        double x = full(column);
        double u = reduced(transform.x(x, y));
        double v = reduced(transform.y(x, y));
        if (moving.holds(u, v)) {
          visitor.see(
              x,
              y,
              fixed.values()[row * fixed.width() + column],
              moving.at(u, v),
              across.at(u, v) / step,
              along.at(u, v) / step);
        }
      }
    }
  }

  /** Returns the correlation under a transform; -1 where too little of the images overlaps. */
  double correlation(Transform transform) {
    return correlation(moments(transform));
  }

  private double correlation(Moments moments) {
    return overlaps(moments) ? moments.correlation() : -1;
  }

  /** Tells whether enough of the fixed image lies on the moving one, and both have contrast. */
  boolean overlaps(Moments moments) {
    return moments.count() >= LEAST_OVERLAP * fixed.values().length && moments.correlation() > -1;
  }

  /** Tells whether one transform's moments are of a higher correlation than another's. */
  boolean better(Moments one, Moments other) {
    return correlation(one) > correlation(other);
  }

  Moments moments(Transform transform) {
    Moments moments = new Moments();
    for (int row = 0; row < fixed.height(); row++) {
      double y = full(row);
      for (int column = 0; column < fixed.width(); column++) {
        double x = full(column);
        double u = reduced(transform.x(x, y));
        double v = reduced(transform.y(x, y));
        if (moving.holds(u, v)) {
          moments.add(fixed.values()[row * fixed.width() + column], moving.at(u, v));
        }
      }
    }
    return moments;
  }

  double full(double at) {
    return (at + 0.5) * step - 0.5;
  }

  double reduced(double at) {
    return (at + 0.5) / step - 0.5;
  }

  private static Plane slope(Plane of, int right, int down) {
    float[] slopes = new float[of.values().length];
    for (int y = 0; y < of.height(); y++) {
      for (int x = 0; x < of.width(); x++) {
        int x0 = Math.max(0, x - right);
        int x1 = Math.min(of.width() - 1, x + right);
        int y0 = Math.max(0, y - down);
        int y1 = Math.min(of.height() - 1, y + down);
        int apart = Math.max(1, x1 - x0 + y1 - y0);
        slopes[y * of.width() + x] =
            (of.values()[y1 * of.width() + x1] - of.values()[y0 * of.width() + x0]) / apart;
      }
    }
    return Plane.of(of.width(), of.height(), slopes);
  }
}
