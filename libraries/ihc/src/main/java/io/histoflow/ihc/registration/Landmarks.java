package io.histoflow.ihc.registration;

import io.histoflow.ihc.transform.Affine;
import io.histoflow.ihc.transform.Transform;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The same places of two sections, marked by people on both, in pixels.
 *
 * @param fixed on the fixed image
 * @param moving on the moving one, in the same order
 */
public record Landmarks(List<Point> fixed, List<Point> moving) {

  /** A place in pixels. */
  public record Point(double x, double y) {}

  /** Checks the numbers. */
  public Landmarks {
    fixed = List.copyOf(fixed);
    moving = List.copyOf(moving);
    if (fixed.size() != moving.size() || fixed.size() < 3) {
      throw new IllegalArgumentException(
          "both images need the same landmarks, three or more, not %d and %d"
              .formatted(fixed.size(), moving.size()));
    }
  }

  /** Returns the distances that a transform leaves between landmarks, in pixels, sorted. */
  public double[] errors(Transform transform) {
    double[] errors = unsorted(transform);
    Arrays.sort(errors);
    return errors;
  }

  /** Returns the median distance that a transform leaves, in pixels. */
  public double median(Transform transform) {
    double[] errors = errors(transform);
    int middle = errors.length / 2;
    return errors.length % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
  }

  /** Returns the share of landmarks that one transform brings nearer than another, 0..1. */
  public double improved(Transform transform, Transform before) {
    double[] after = unsorted(transform);
    double[] earlier = unsorted(before);
    int improved = 0;
    for (int i = 0; i < after.length; i++) {
      improved += after[i] < earlier[i] ? 1 : 0;
    }
    return (double) improved / after.length;
  }

  private double[] unsorted(Transform transform) {
    double[] errors = new double[fixed.size()];
    for (int i = 0; i < errors.length; i++) {
      Point from = fixed.get(i);
      Point to = moving.get(i);
      errors[i] =
          Math.hypot(
              transform.x(from.x(), from.y()) - to.x(), transform.y(from.x(), from.y()) - to.y());
    }
    return errors;
  }

  /** Returns the affine transform of the least squared distances: no other does better on them. */
  public Affine affine() {
    double[] x = row(Point::x);
    double[] y = row(Point::y);
    return new Affine(x[0], x[1], x[2], y[0], y[1], y[2]);
  }

  private double[] row(ToDoubleFunction<Point> coordinate) {
    LeastSquares equations = new LeastSquares(3);
    for (int k = 0; k < fixed.size(); k++) {
      double[] from = {fixed.get(k).x(), fixed.get(k).y(), 1};
      for (int i = 0; i < 3; i++) {
        equations.target[i] += from[i] * coordinate.applyAsDouble(moving.get(k));
        for (int j = 0; j <= i; j++) {
          equations.matrix[i][j] += from[i] * from[j];
        }
      }
    }
    return equations.solve();
  }
}
