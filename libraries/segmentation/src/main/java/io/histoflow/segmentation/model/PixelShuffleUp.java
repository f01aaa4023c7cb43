package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Doubles height and width: a 1x1 convolution to 4C channels, then a pixel shuffle. It computes
 * what a 2x2 transposed convolution of stride 2 does, which DJL's PyTorch engine lacks.
 *
 * <p>Input (N, C', H, W). Output (N, C, 2H, 2W). Channel {@code (2i + j) C + c} of the convolution
 * becomes pixel (2y + i, 2x + j) of channel c.
 */
public final class PixelShuffleUp extends AbstractBlock {

  private final long channels;
  private final Conv2d conv;

  PixelShuffleUp(int channels) {
    this.channels = channels;
    conv =
        addChildBlock(
            "conv",
            Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(4 * channels).build());
  }

  /** Shuffles (N, 4C, H, W) to (N, C, 2H, 2W); memory stays channels-last. */
  public static NDArray shuffle(NDArray y) {
    Shape shape = y.getShape();
    long n = shape.get(0);
    long c = shape.get(1) / 4;
    long h = shape.get(2);
    long w = shape.get(3);
    return y.transpose(0, 2, 3, 1)
        .reshape(n, h, w, 2, 2, c)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(n, 2 * h, 2 * w, c)
        .transpose(0, 3, 1, 2);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    return new NDList(shuffle(conv.forward(store, inputs, training).head()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape in = inputs[0];
    return new Shape[] {new Shape(in.get(0), channels, 2 * in.get(2), 2 * in.get(3))};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    conv.initialize(manager, type, inputs[0]);
  }
}
