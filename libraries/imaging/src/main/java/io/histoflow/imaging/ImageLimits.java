package io.histoflow.imaging;

/**
 * Bounds on an image, checked before memory is allocated for it.
 *
 * @param maxWidth greatest width in pixels, 1 or more
 * @param maxHeight greatest height in pixels, 1 or more
 * @param maxPixels greatest width x height, 1 to {@link #MOST_PIXELS}
 * @param maxBytes greatest size of the encoded image in bytes, 1 to 2^31 - 9
 */
public record ImageLimits(int maxWidth, int maxHeight, long maxPixels, long maxBytes) {

  /** Most pixels whose three channels fit into one Java array. */
  public static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  private static final ImageLimits TILES = new ImageLimits(4096, 4096, 4096L * 4096, 8L << 20);
  private static final ImageLimits FILES = new ImageLimits(32768, 32768, 64L << 20, 256L << 20);

  public ImageLimits {
    if (maxWidth < 1 || maxHeight < 1) {
      throw new IllegalArgumentException(
          "Image limits must allow at least 1 x 1 pixels, not " + maxWidth + " x " + maxHeight);
    }
    if (maxPixels < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "maxPixels must be 1 to " + MOST_PIXELS + ", not " + maxPixels);
    }
    if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "maxBytes must be 1 to " + (Integer.MAX_VALUE - 8) + ", not " + maxBytes);
    }
  }

  /** Limits for one tile on a topic: 4096 x 4096 pixels, 8 MiB encoded. */
  public static ImageLimits forTiles() {
    return TILES;
  }

  /** Limits for one image file of a data set: 64 megapixels, 256 MiB encoded. */
  public static ImageLimits forFiles() {
    return FILES;
  }

  /**
   * Refuses an encoded image that is empty or too large.
   *
   * @param bytes its size
   * @throws ImageRejectedException outside 1..maxBytes
   */
  public void checkBytes(long bytes) throws ImageRejectedException {
    if (bytes == 0) {
      throw new ImageRejectedException("the image is empty (0 bytes)");
    }
    if (bytes > maxBytes) {
      throw new ImageRejectedException(
          "the image has " + bytes + " bytes, more than the " + maxBytes + " allowed");
    }
  }

  /**
   * Refuses dimensions outside the limits.
   *
   * @param width in pixels, as the header declares it
   * @param height in pixels, as the header declares it
   * @throws ImageRejectedException outside the limits
   */
  public void checkSize(long width, long height) throws ImageRejectedException {
    if (width < 1 || height < 1) {
      throw new ImageRejectedException(
          "the image declares " + width + " x " + height + " pixels; at least 1 x 1 is needed");
    }
    if (width > maxWidth || height > maxHeight || width * height > maxPixels) {
      throw new ImageRejectedException(
          ("the image declares %s x %s pixels, more than the %s x %s and %s pixels in all"
                  + " that are allowed; cut it into tiles")
              .formatted(width, height, maxWidth, maxHeight, maxPixels));
    }
  }
}
