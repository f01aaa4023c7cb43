package io.histoflow.studies.cost;

import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.StageName;

/**
 * Size and arithmetic of a network, counted from its configuration.
 *
 * <p>Counted are the multiply-adds of convolutions and linear layers of one forward pass as
 * inference makes it, without the edge head. Not counted, as is the custom, is what works element
 * by element: biases, BatchNorm (which folds into its convolution), activations, pooling and the
 * scaling of channels.
 *
 * <p>The paper (Bioengineering 2025, 12, 1156) gives 9.79 M parameters and 83.9 GFLOPs at 224x224
 * for width 64. This network has 7.9 M and 28.1 G multiply-adds, 56.3 G operations where each
 * multiply-add counts as two. The paper's figure fits that way of counting: 3x3 convolutions after
 * each upsampling and two more in an edge branch, which the paper may have, would come to 83.4 G
 * operations and 8.8 M parameters. Read as multiply-adds it would be three times this network's, on
 * 1.24 times the parameters.
 *
 * @param parameters values that training can change, edge head and embeddings included
 * @param multiplyAdds of one tile
 */
public record NetworkCost(long parameters, long multiplyAdds) {

  /**
   * Counts a network.
   *
   * @param config its shape
   * @param side of a square tile in pixels, a multiple of {@value ClinSegNetConfig#SIDE_MULTIPLE}
   */
  public static NetworkCost of(ClinSegNetConfig config, int side) {
    if (side < 1 || side % ClinSegNetConfig.SIDE_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "the side of a tile must be a multiple of %d, not %d"
              .formatted(ClinSegNetConfig.SIDE_MULTIPLE, side));
    }
    return new NetworkCost(parameters(config), multiplyAdds(config, side));
  }

  /** Floating-point operations of one tile: two for each multiply-add. */
  public long operations() {
    return 2 * multiplyAdds;
  }

  private static long parameters(ClinSegNetConfig config) {
    return ParameterCatalogue.of(config).all().stream()
        .filter(spec -> !spec.buffer())
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  private static long multiplyAdds(ClinSegNetConfig config, int tileSide) {
    long sum = 0;
    int side = tileSide;
    int in = config.inputColour().channels();
    for (StageName stage : StageName.values()) {
      int out = config.channels(stage);
      if (!stage.encoder()) {
        sum += convolution(side, 1, in, 4 * out);
        side *= 2;
        in = 2 * out;
      } else if (stage != StageName.ENCODER_0) {
        side /= 2;
      }
      sum += convolution(side, 3, in, out) + convolution(side, 3, out, out);
      if (config.squeezeExcitation()) {
        sum += 2L * out * ParameterCatalogue.hiddenUnits(out);
      }
      if (config.film()) {
        sum += 2L * out * config.embeddingSize();
      }
      in = out;
    }
    return sum + convolution(side, 1, in, 1);
  }

  private static long convolution(int side, int kernel, int in, int out) {
    return (long) side * side * kernel * kernel * in * out;
  }
}
