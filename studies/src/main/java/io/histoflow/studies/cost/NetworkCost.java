package io.histoflow.studies.cost;

import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ParameterCatalogue;

/**
 * Size and arithmetic of a network, counted from its configuration.
 *
 * <p>Counted are the multiply-adds of convolutions and linear layers of one forward pass as
 * inference makes it, without the edge head. Not counted, as is the custom, is what works element
 * by element: biases, BatchNorm (which folds into its convolution), activations, pooling and the
 * scaling of channels.
 *
 * <p>The paper (Bioengineering 2025, 12, 1156) gives 9.79 M parameters and 83.9 GFLOPs at 224x224
 * for width 64. Our ClinSegNet has 7.9 M and 28.1 G multiply-adds, 56.3 G operations where each
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
   * @param config what kind of network it is
   * @param side of a square tile in pixels
   * @throws IllegalArgumentException where the network does not take such a side
   */
  public static NetworkCost of(Architecture config, int side) {
    config.requireSide(side);
    return new NetworkCost(ParameterCatalogue.of(config).size(), config.multiplyAdds(side));
  }

  /** Floating-point operations of one tile: two for each multiply-add. */
  public long operations() {
    return 2 * multiplyAdds;
  }
}
