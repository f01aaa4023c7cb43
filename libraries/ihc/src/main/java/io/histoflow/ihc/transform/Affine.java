package io.histoflow.ihc.transform;

/**
 * x' = xx x + xy y + x0, y' = yx x + yy y + y0.
 *
 * @param x0 in pixels
 * @param y0 in pixels
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0)
    implements Transform {

  /** Leaves everything where it is. */
  public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  /** Checks every field. */
  public Affine {
    if (!Double.isFinite(xx + xy + x0 + yx + yy + y0)) {
      throw new IllegalArgumentException("the figures of an affine transform must be finite");
    }
  }

  /** Moves by so many pixels. */
  public static Affine translation(double right, double down) {
    return new Affine(1, 0, right, 0, 1, down);
  }

  /**
   * Turns about one point and puts it on another.
   *
   * @param angle in radians
   */
  public static Affine turning(double angle, double fromX, double fromY, double toX, double toY) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    return new Affine(
        cos, -sin, toX - cos * fromX + sin * fromY, sin, cos, toY - sin * fromX - cos * fromY);
  }

  /** Returns the same, moved on by so many pixels. */
  public Affine moved(double right, double down) {
    return new Affine(xx, xy, x0 + right, yx, yy, y0 + down);
  }

  /** Returns the transform in the middle between this and another. */
  public Affine halfwayTo(Affine other) {
    return new Affine(
        (xx + other.xx) / 2,
        (xy + other.xy) / 2,
        (x0 + other.x0) / 2,
        (yx + other.yx) / 2,
        (yy + other.yy) / 2,
        (y0 + other.y0) / 2);
  }

  @Override
  public double x(double x, double y) {
    return xx * x + xy * y + x0;
  }

  @Override
  public double y(double x, double y) {
    return yx * x + yy * y + y0;
  }

  /** Returns by how much areas grow. */
  public double determinant() {
    return xx * yy - xy * yx;
  }

  @Override
  public double determinant(double x, double y) {
    return determinant();
  }
}
