package io.histoflow.segmentation.model;

import java.util.List;
import java.util.Random;

/** Weights of small networks for tests, with statistics as a trained network would have them. */
public final class TestWeights {

  private TestWeights() {}

  public static ClinSegNetConfig config(int width) {
    return ClinSegNetConfig.standard(width, List.of("kidney", "lung"));
  }

  /** Draws every tensor at random, BatchNorm and biases too, so that no part is idle. */
  public static Weights random(ClinSegNetConfig config, long seed) {
    Random random = new Random(seed);
    return Weights.initial(config, seed)
        .map(
            (spec, tensor) -> {
              float[] values = tensor.values().clone();
              for (int i = 0; i < values.length; i++) {
                if (spec.name().endsWith("runningVar") || spec.name().endsWith(".gamma")) {
                  values[i] = 0.5f + random.nextFloat();
                } else if (spec.shape().size() == 1 || spec.name().contains(".film.")) {
                  values[i] = (float) (0.2 * random.nextGaussian());
                }
              }
              return new WeightTensor(spec.shape(), values);
            });
  }
}
