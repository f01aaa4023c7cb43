package io.histoflow.ihc.transform;

/** Where pixels of the fixed image lie on the moving one, both counted from pixels' middles. */
public interface Transform {

  /** Returns the column on the moving image. */
  double x(double x, double y);

  /** Returns the row on the moving image. */
  double y(double x, double y);

  /** Returns by how much areas grow around a pixel; negative where the image is folded there. */
  default double determinant(double x, double y) {
    double half = 0.5;
    double xx = x(x + half, y) - x(x - half, y);
    double xy = x(x, y + half) - x(x, y - half);
    double yx = y(x + half, y) - y(x - half, y);
    double yy = y(x, y + half) - y(x, y - half);
    return xx * yy - xy * yx;
  }

  /**
   * Returns the same between images that are larger.
   *
   * @param fixed pixels of the larger fixed image in a side of one of this
   * @param moving pixels of the larger moving image in a side of one of this
   */
  default Transform between(double fixed, double moving) {
    Transform small = this;
    return new Transform() {
      @Override
      public double x(double x, double y) {
        return (small.x(reduced(x), reduced(y)) + 0.5) * moving - 0.5;
      }

      @Override
      public double y(double x, double y) {
        return (small.y(reduced(x), reduced(y)) + 0.5) * moving - 0.5;
      }

      private double reduced(double at) {
        return (at + 0.5) / fixed - 0.5;
      }
    };
  }

  /** Returns the distance between where this and another put a pixel, in pixels. */
  default double distance(Transform other, double x, double y) {
    return Math.hypot(x(x, y) - other.x(x, y), y(x, y) - other.y(x, y));
  }
}
