package io.histoflow.segmentation.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes the start of a wider network from a trained narrower one, so that the wider one need not
 * learn from nothing what the narrower one knows (Net2Net: Chen, Goodfellow and Shlens, 2016,
 * section 2.3).
 *
 * <p>Every channel is repeated, and what a layer read from a channel it reads from the copies in
 * unequal random shares that add up to one. The wider network therefore computes what the narrower
 * one does, but its copies get gradients of their own and part ways.
 */
public final class Widening {

  /** Shares differ by this much at most, so that copies start apart and none is left dry. */
  private static final double SHARE_SPREAD = 0.5;

  private Widening() {}

  /**
   * Widens weights.
   *
   * @param narrow a trained network's
   * @param wide the same network, but of a greater width; twice or four times is always possible
   * @param seed of the copies' shares
   * @throws IllegalArgumentException where either has no stages to widen, the two networks differ
   *     in more than width, or a layer would not grow by a whole factor
   */
  public static Weights widen(Weights narrow, Architecture wide, long seed) {
    if (narrow.config().equals(wide)) {
      return narrow;
    }
    ClinSegNetConfig from = stages(narrow.config(), wide);
    ClinSegNetConfig widened =
        new ClinSegNetConfig(
            wide.width(),
            from.organs(),
            from.embeddingSize(),
            from.squeezeExcitation(),
            from.film(),
            from.edgeHead(),
            from.inputColour());
    if (!widened.equals(wide)) {
      throw new IllegalArgumentException(
          "the network to start from differs in more than its width: %s, wanted %s"
              .formatted(from, wide));
    }
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : ParameterCatalogue.of(wide).all()) {
      WeightTensor tensor = narrow.tensors().get(spec.name());
      for (int axis = 0; axis < tensor.shape().size(); axis++) {
        if (spec.shape().get(axis) % tensor.shape().get(axis) != 0) {
          throw new IllegalArgumentException(
              "a network of width %d cannot be widened to %d: '%s' would grow from %s to %s"
                  .formatted(
                      from.width(), wide.width(), spec.name(), tensor.shape(), spec.shape()));
        }
      }
      tensors.put(spec.name(), widen(tensor, spec.shape(), random));
    }
    return new Weights(wide, tensors);
  }

  private static ClinSegNetConfig stages(Architecture narrow, Architecture wide) {
    return narrow
        .stages()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s cannot be widened: start from the same network as %s"
                        .formatted(narrow.name(), wide)));
  }

  /** Repeats outputs (the first axis) and shares out inputs (the second, where there is one). */
  private static WeightTensor widen(
      WeightTensor narrow, List<Integer> shape, SplittableRandom random) {
    int outputs = narrow.shape().get(0);
    int repeats = shape.get(0) / outputs;
    int inputs = shape.size() == 1 ? 1 : narrow.shape().get(1);
    int copies = shape.size() == 1 ? 1 : shape.get(1) / inputs;
    int kernel = narrow.values().length / (outputs * inputs);
    float[] values = new float[narrow.values().length * repeats * copies];
    double[] shares = new double[copies];
    int at = 0;
    // Repeats and copies lie side by side, so concatenated and shuffled channels stay in step.
    for (int output = 0; output < outputs * repeats; output++) {
      for (int input = 0; input < inputs; input++) {
        share(shares, random);
        int source = ((output / repeats) * inputs + input) * kernel;
        for (double share : shares) {
          for (int k = 0; k < kernel; k++) {
            values[at++] = (float) (narrow.values()[source + k] * share);
          }
        }
      }
    }
    return new WeightTensor(shape, values);
  }

  private static void share(double[] shares, SplittableRandom random) {
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = shares.length == 1 ? 1 : 1 + SHARE_SPREAD * (2 * random.nextDouble() - 1);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
  }
}
