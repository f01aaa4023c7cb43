package io.histoflow.segmentation.inference;

import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.StageName;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.List;

/**
 * Weights as inference wants them: every BatchNorm is folded into its convolution, and FiLM's gamma
 * and beta are worked out once per organ.
 */
final class FoldedWeights {

  private static final double BATCH_NORM_EPSILON = 1e-5;

  private final Weights weights;

  /**
   * A layer's weight and bias.
   *
   * @param weight (out, in, height, width) of a convolution or (out, in) of a linear layer
   * @param bias one value per output
   */
  record Layer(WeightTensor weight, WeightTensor bias) {}

  FoldedWeights(Weights weights) {
    this.weights = weights;
  }

  ClinSegNetConfig config() {
    return weights.config();
  }

  /** Returns the stage's first or second convolution (1 or 2) with its BatchNorm. */
  Layer convolution(StageName stage, int i) {
    String conv = stage.prefix() + ".conv" + i + ".weight";
    String norm = stage.prefix() + ".bn" + i;
    float[] gamma = weights.values(norm + ".gamma");
    float[] beta = weights.values(norm + ".beta");
    float[] mean = weights.values(norm + ".runningMean");
    float[] var = weights.values(norm + ".runningVar");
    float[] folded = weights.values(conv).clone();
    float[] bias = new float[gamma.length];
    int fanIn = folded.length / gamma.length;
    for (int c = 0; c < gamma.length; c++) {
      double scale = gamma[c] / Math.sqrt(var[c] + BATCH_NORM_EPSILON);
      bias[c] = (float) (beta[c] - mean[c] * scale);
      for (int k = c * fanIn; k < (c + 1) * fanIn; k++) {
        folded[k] = (float) (folded[k] * scale);
      }
    }
    return new Layer(
        new WeightTensor(weights.tensors().get(conv).shape(), folded),
        new WeightTensor(List.of(bias.length), bias));
  }

  /** Returns the layer that squeezes a stage's channel means. */
  Layer squeeze(StageName stage) {
    return layer(stage.prefix() + ".se.reduce");
  }

  /** Returns the layer that makes a stage's channel weights of the squeezed means. */
  Layer excite(StageName stage) {
    return layer(stage.prefix() + ".se.expand");
  }

  /** Returns the 1x1 convolution of the doubling before a decoder's stage. */
  Layer up(StageName stage) {
    return layer("up." + stage.prefix().substring("decoder.".length()));
  }

  /** Returns the 1x1 convolution to mask logits. */
  Layer head() {
    return layer("head.mask");
  }

  /** Returns FiLM's factors (organs, channels) in 0..1. */
  WeightTensor gammas(StageName stage) {
    return perOrgan(stage.prefix() + ".film.gamma", true);
  }

  /** Returns FiLM's summands (organs, channels). */
  WeightTensor betas(StageName stage) {
    return perOrgan(stage.prefix() + ".film.beta", false);
  }

  private Layer layer(String name) {
    return new Layer(
        weights.tensors().get(name + ".weight"), weights.tensors().get(name + ".bias"));
  }

  private WeightTensor perOrgan(String name, boolean squashed) {
    float[] embeddings = weights.values("embedding.weight");
    float[] weight = weights.values(name + ".weight");
    float[] bias = weights.values(name + ".bias");
    int organs = config().organs().size();
    int d = config().embeddingSize();
    float[] table = new float[organs * bias.length];
    for (int o = 0; o < organs; o++) {
      for (int c = 0; c < bias.length; c++) {
        double sum = bias[c];
        for (int k = 0; k < d; k++) {
          sum += (double) weight[c * d + k] * embeddings[o * d + k];
        }
        table[o * bias.length + c] = (float) (squashed ? 1 / (1 + Math.exp(-sum)) : sum);
      }
    }
    return new WeightTensor(List.of(organs, bias.length), table);
  }
}
