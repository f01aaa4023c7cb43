package io.histoflow.ihc.transform;

/**
 * An affine transform and, added to it, a displacement that is a uniform cubic B-spline over a grid
 * of control points (Rueckert et al., IEEE TMI 1999). Outside the grid its border goes on.
 */
public final class FreeForm implements Transform {
  private final Affine base;
  private final double spacing;
  private final int columns;
  private final int rows;
  private final double[] right;
  private final double[] down;

  /**
   * Makes a transform; the arrays are given away.
   *
   * @param base the affine part
   * @param spacing of control points in pixels
   * @param columns of control points; the first two stand at -1 and 0 spacings
   * @param rows of control points
   * @param right displacement at each control point in pixels, (rows, columns)
   * @param down as {@code right}
   */
  public FreeForm(
      Affine base, double spacing, int columns, int rows, double[] right, double[] down) {
    if (!(spacing > 0) || columns < 4 || rows < 4) {
      throw new IllegalArgumentException("a grid needs 4 x 4 control points and a spacing above 0");
    }
    if (right.length != columns * rows || down.length != columns * rows) {
      throw new IllegalArgumentException("each control point needs a displacement");
    }
    this.base = base;
    this.spacing = spacing;
    this.columns = columns;
    this.rows = rows;
    this.right = right;
    this.down = down;
  }

  /** Returns a grid over an image of so many pixels that displaces nothing yet. */
  public static FreeForm over(Affine base, int width, int height, double spacing) {
    int columns = (int) ((width - 1) / spacing) + 4;
    int rows = (int) ((height - 1) / spacing) + 4;
    return new FreeForm(
        base, spacing, columns, rows, new double[columns * rows], new double[columns * rows]);
  }

  /** The affine part. */
  public Affine base() {
    return base;
  }

  /** Columns of control points. */
  public int columns() {
    return columns;
  }

  /** Rows of control points. */
  public int rows() {
    return rows;
  }

  /** Displacements to the right, (rows, columns); not a copy and not to be changed. */
  public double[] right() {
    return right;
  }

  /** Displacements down, (rows, columns); not a copy and not to be changed. */
  public double[] down() {
    return down;
  }

  @Override
  public double x(double x, double y) {
    return base.x(x, y) + displacement(right, x, y);
  }

  @Override
  public double y(double x, double y) {
    return base.y(x, y) + displacement(down, x, y);
  }

  private double displacement(double[] of, double x, double y) {
    double u = at(x, columns);
    double v = at(y, rows);
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      double line = 0;
      for (int i = 0; i < 4; i++) {
        line += weight(i, u - (int) u) * of[((int) v + j) * columns + (int) u + i];
      }
      sum += weight(j, v - (int) v) * line;
    }
    return sum;
  }

  /**
   * Returns a position in spacings, within the grid: its whole part is the first of four points.
   */
  public double at(double position, int points) {
    return Math.max(0, Math.min(points - 3 - 1e-9, position / spacing));
  }

  /**
   * Returns how much one of the four control points around weighs.
   *
   * @param point 0..3
   * @param t where between the middle two, 0..1
   */
  public static double weight(int point, double t) {
    double s = 1 - t;
    return switch (point) {
      case 0 -> s * s * s / 6;
      case 1 -> (3 * t * t * t - 6 * t * t + 4) / 6;
      case 2 -> (3 * s * s * s - 6 * s * s + 4) / 6;
      default -> t * t * t / 6;
    };
  }
}
