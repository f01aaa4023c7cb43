package io.histoflow.imaging;

/**
 * What an encoded image says of itself, read without decoding a pixel.
 *
 * @param format told by the first bytes
 * @param width in pixels, as displayed: an orientation in the file is taken into account
 * @param height in pixels, as displayed
 * @param decodingBytes upper estimate of the memory that decoding allocates for a moment, in bytes
 */
public record ImageHeader(ImageFileFormat format, int width, int height, long decodingBytes) {

  /**
   * Reads the header and checks it, and the structure of the file, against limits. It costs less
   * than a copy of the encoded bytes.
   *
   * @param bytes the encoded image
   * @param limits bounds on what may be decoded
   * @throws ImageRejectedException where it is no PNG, JPEG or TIFF, too large, cut off or damaged
   */
  public static ImageHeader of(byte[] bytes, ImageLimits limits) throws ImageRejectedException {
    return EncodedImage.of(bytes, limits).header();
  }

  /** Width x height. */
  public long pixels() {
    return (long) width * height;
  }

  /**
   * Refuses an image of another size than was announced.
   *
   * @param expectedWidth in pixels, as displayed
   * @param expectedHeight in pixels, as displayed
   * @throws ImageRejectedException where the size differs
   */
  public void requireSize(int expectedWidth, int expectedHeight) throws ImageRejectedException {
    if (width != expectedWidth || height != expectedHeight) {
      throw new ImageRejectedException(
          "the image has "
              + width
              + " x "
              + height
              + " pixels where "
              + expectedWidth
              + " x "
              + expectedHeight
              + " are expected");
    }
  }
}
