package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** An encoded image whose structure was checked and whose pixels were not decoded yet. */
interface EncodedImage {

  /** What the file says of itself. */
  ImageHeader header();

  /**
   * Decodes the pixels.
   *
   * @throws IOException where they are damaged; codecs throw runtime exceptions of every kind too
   * @throws ImageRejectedException where they are damaged
   */
  RgbImage decode() throws IOException, ImageRejectedException;

  /**
   * Checks the structure of an image.
   *
   * @throws ImageRejectedException where it is no PNG, JPEG or TIFF, too large, cut off or damaged
   */
  static EncodedImage of(byte[] bytes, ImageLimits limits) throws ImageRejectedException {
    limits.checkBytes(bytes.length);
    ImageFileFormat format =
        ImageFileFormat.sniff(bytes)
            .orElseThrow(
                () ->
                    new ImageRejectedException(
                        "the image is not PNG, JPEG or TIFF; its first bytes look like "
                            + ImageFileFormat.describe(bytes)));
    return Guarded.decoding(
        "the " + format,
        () ->
            switch (format) {
              case PNG -> PngStructure.of(bytes, limits);
              case JPEG -> JpegStructure.of(bytes, limits);
              case TIFF -> new EncodedTiff(TiffFile.of(bytes, limits));
            });
  }

  /** The pixels of a codec's image, which is worthless afterwards. */
  static RgbImage rgb(BufferedImage image) {
    return RgbImage.of(image.getWidth(), image.getHeight(), RgbPixels.consume(image));
  }
}
