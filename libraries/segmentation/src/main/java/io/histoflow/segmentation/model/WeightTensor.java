package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one parameter on the Java heap.
 *
 * <p>The values are not copied, so that a wide model is cheap to pass around: nobody changes them
 * after construction.
 */
public final class WeightTensor {

  private final List<Integer> shape;
  private final float[] values;

  /**
   * Wraps the values.
   *
   * @param shape sizes, outermost first
   * @param values row-major values, as many as the shape asks for
   */
  public WeightTensor(List<Integer> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    int size = shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + size + " values, not " + values.length);
    }
  }

  /** Returns the sizes, outermost first. */
  public List<Integer> shape() {
    return shape;
  }

  /** Returns the row-major values: a view that nobody may change. */
  public float[] values() {
    return values;
  }

  /** Returns a copy of the values in the manager's memory, which is freed when it closes. */
  public NDArray array(NDManager manager) {
    long[] sizes = shape.stream().mapToLong(Integer::longValue).toArray();
    return manager.create(values, new Shape(sizes));
  }

  /** Returns the same values rounded to IEEE half precision, ties to even. */
  public WeightTensor roundedToHalf() {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Half.toFloat(Half.fromFloat(values[i]));
    }
    return new WeightTensor(shape, rounded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightTensor that
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "WeightTensor" + shape;
  }
}
