package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** What the network takes in, made in the same way for training, inference and fine-tuning. */
public final class InputTensor {

  private InputTensor() {}

  /**
   * Makes the image input; each image's colours are converted on their own.
   *
   * @param pixels direct buffer of n x h x w interleaved RGB pixels, 0..255 each
   * @return (n, channels of the colour, h, w) in -1..1, channels-last in memory
   */
  public static NDArray image(
      NDManager manager, InputColour colour, ByteBuffer pixels, int n, int h, int w) {
    ByteBuffer values = colour == InputColour.RGB ? pixels : converted(colour, pixels, n, h * w);
    // With one channel too: only the strides of a transposed array say channels-last.
    return manager
        .create(values, new Shape(n, h, w, colour.channels()), DataType.UINT8)
        .toType(DataType.FLOAT32, true)
        .divi(127.5f)
        .subi(1f)
        .transpose(0, 3, 1, 2);
  }

  private static ByteBuffer converted(
      InputColour colour, ByteBuffer pixels, int n, int imagePixels) {
    int size = imagePixels * colour.channels();
    ByteBuffer values = ByteBuffer.allocateDirect(n * size);
    int start = pixels.position();
    // A large batch would otherwise keep a GPU waiting for one core.
    IntStream images = n == 1 ? IntStream.of(0) : IntStream.range(0, n).parallel();
    images.forEach(
        i -> {
          byte[] rgb = new byte[3 * imagePixels];
          pixels.get(start + i * rgb.length, rgb);
          values.put(i * size, colour.of(rgb));
        });
    return values;
  }

  /**
   * Makes the organ input.
   *
   * @param organs rows of the organs' embeddings, one per image
   * @return one-hot rows (n, number of organs)
   */
  public static NDArray organs(NDManager manager, Architecture config, List<Integer> organs) {
    int count = config.organs().size();
    float[] oneHot = new float[organs.size() * count];
    for (int i = 0; i < organs.size(); i++) {
      oneHot[i * count + organs.get(i)] = 1f;
    }
    return manager.create(oneHot, new Shape(organs.size(), count));
  }
}
