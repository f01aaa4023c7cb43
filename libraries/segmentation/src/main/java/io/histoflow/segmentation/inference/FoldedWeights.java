package io.histoflow.segmentation.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.StageName;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights as inference wants them: every BatchNorm is folded into its convolution, and FiLM's gamma
 * and beta are worked out once per organ.
 */
final class FoldedWeights {

  private static final double BATCH_NORM_EPSILON = 1e-5;

  private final ClinSegNetConfig config;
  private final Weights weights;
  private final Map<String, WeightTensor> tensors;

  /**
   * Folds weights.
   *
   * @param weights of a network with {@link Architecture#stages stages}
   */
  FoldedWeights(Weights weights) {
    config = weights.config().stages().orElseThrow();
    this.weights = weights;
    tensors = new LinkedHashMap<>(weights.tensors());
    tensors.keySet().removeIf(name -> name.contains(".bn") || name.contains(".film."));
    for (StageName stage : StageName.values()) {
      fold(stage, 1);
      fold(stage, 2);
      tensors.put(gamma(stage), perOrgan(stage, gamma(stage), true));
      tensors.put(beta(stage), perOrgan(stage, beta(stage), false));
    }
  }

  ClinSegNetConfig config() {
    return config;
  }

  /**
   * Returns all tensors by the names that they have in the weights; a stage's convolutions have a
   * bias as well.
   */
  Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /** Returns the name of FiLM's factors (organs, channels) in 0..1; all 1 without FiLM. */
  static String gamma(StageName stage) {
    return stage.prefix() + ".film.gamma";
  }

  /** Returns the name of FiLM's summands (organs, channels); all 0 without FiLM. */
  static String beta(StageName stage) {
    return stage.prefix() + ".film.beta";
  }

  /** Copies the values into memory of PyTorch's own, whose alignment suits its kernels. */
  static NDArray array(WeightTensor tensor, NDManager manager) {
    try (NDArray copy = tensor.array(manager)) {
      return copy.duplicate();
    }
  }

  private void fold(StageName stage, int i) {
    String conv = stage.prefix() + ".conv" + i;
    String norm = stage.prefix() + ".bn" + i;
    float[] gamma = weights.values(norm + ".gamma");
    float[] beta = weights.values(norm + ".beta");
    float[] mean = weights.values(norm + ".runningMean");
    float[] var = weights.values(norm + ".runningVar");
    float[] folded = weights.values(conv + ".weight").clone();
    float[] bias = new float[gamma.length];
    int fanIn = folded.length / gamma.length;
    for (int c = 0; c < gamma.length; c++) {
      double scale = gamma[c] / Math.sqrt(var[c] + BATCH_NORM_EPSILON);
      bias[c] = (float) (beta[c] - mean[c] * scale);
      for (int k = c * fanIn; k < (c + 1) * fanIn; k++) {
        folded[k] = (float) (folded[k] * scale);
      }
    }
    List<Integer> shape = weights.tensors().get(conv + ".weight").shape();
    tensors.put(conv + ".weight", new WeightTensor(shape, folded));
    tensors.put(conv + ".bias", new WeightTensor(List.of(bias.length), bias));
  }

  private WeightTensor perOrgan(StageName stage, String name, boolean squashed) {
    int organs = config().organs().size();
    int channels = config().channels(stage);
    float[] table = new float[organs * channels];
    List<Integer> shape = List.of(organs, channels);
    if (!config().film()) {
      Arrays.fill(table, squashed ? 1 : 0);
      return new WeightTensor(shape, table);
    }
    float[] embeddings = weights.values("embedding.weight");
    float[] weight = weights.values(name + ".weight");
    float[] bias = weights.values(name + ".bias");
    int d = config().embeddingSize();
    for (int o = 0; o < organs; o++) {
      for (int c = 0; c < channels; c++) {
        double sum = bias[c];
        for (int k = 0; k < d; k++) {
          sum += (double) weight[c * d + k] * embeddings[o * d + k];
        }
        table[o * channels + c] = (float) (squashed ? 1 / (1 + Math.exp(-sum)) : sum);
      }
    }
    return new WeightTensor(shape, table);
  }
}
