package io.histoflow.imaging.codec;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.imageio.Guarded;
import io.histoflow.imaging.imageio.PngStructure;

/** Checks images that must be PNG because they hold measured values. */
final class PngOnly {
  /** Red, green, blue and alpha of 8 bits, or grey and alpha of 16. */
  private static final int MOST_BITS = 32;

  private PngOnly() {}

  /**
   * Checks the structure of a PNG.
   *
   * @throws ImageRejectedException where it is no PNG, too large, cut off or damaged
   */
  static PngStructure check(byte[] png, ImageLimits limits) throws ImageRejectedException {
    limits.checkBytes(png.length);
    if (ImageFileFormat.sniff(png).orElse(null) != ImageFileFormat.PNG) {
      throw new ImageRejectedException(
          "the image is not a PNG; its first bytes look like " + ImageFileFormat.describe(png));
    }
    return Guarded.decoding("the PNG", () -> PngStructure.of(png, limits));
  }

  /**
   * Checks the structure of a PNG whose size was announced.
   *
   * @throws ImageRejectedException as {@link #check(byte[], ImageLimits)}, and where its size
   *     differs or its pixels have more than 32 bits
   */
  static PngStructure check(byte[] png, ImageLimits limits, int width, int height)
      throws ImageRejectedException {
    PngStructure structure = check(png, limits);
    EncodedImage.of(structure).requireSize(width, height);
    if (structure.bitsPerPixel() > MOST_BITS) {
      throw new ImageRejectedException(
          "the PNG has %s bits a pixel where at most %s are allowed; save it with 8 bits a channel"
              .formatted(structure.bitsPerPixel(), MOST_BITS));
    }
    return structure;
  }
}
