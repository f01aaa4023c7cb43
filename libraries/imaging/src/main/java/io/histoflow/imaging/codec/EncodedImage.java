package io.histoflow.imaging.codec;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Guarded;
import io.histoflow.imaging.imageio.JpegStructure;
import io.histoflow.imaging.imageio.PngStructure;
import io.histoflow.imaging.tiff.Orientation;
import io.histoflow.imaging.tiff.TiffFile;

/**
 * An encoded image whose structure was checked and whose pixels were not decoded yet. Making one
 * costs less than a copy of the encoded bytes.
 *
 * @param format told by the first bytes
 * @param width in pixels, as displayed: an orientation in the file is taken into account
 * @param height in pixels, as displayed
 * @param pixels decodes them
 */
record EncodedImage(
    ImageFileFormat format, int width, int height, Guarded.Decoding<RgbImage> pixels) {

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
              case PNG -> of(PngStructure.of(bytes, limits));
              case JPEG -> {
                JpegStructure jpeg = JpegStructure.of(bytes, limits);
                yield turned(format, jpeg.width(), jpeg.height(), jpeg.exif(), jpeg::decode);
              }
              case TIFF -> {
                TiffFile tiff = TiffFile.of(bytes, limits);
                int width = tiff.width();
                int height = tiff.height();
                yield new EncodedImage(
                    format, width, height, () -> tiff.region(0, 0, width, height));
              }
            });
  }

  static EncodedImage of(PngStructure png) throws ImageRejectedException {
    return Guarded.decoding(
        "the PNG",
        () -> turned(ImageFileFormat.PNG, png.width(), png.height(), png.exif(), png::decode));
  }

  private static EncodedImage turned(
      ImageFileFormat format,
      int width,
      int height,
      byte[] exif,
      Guarded.Decoding<RgbImage> stored) {
    Orientation orientation = Orientation.ofExif(exif);
    return new EncodedImage(
        format,
        orientation.swapsSides() ? height : width,
        orientation.swapsSides() ? width : height,
        () -> orientation.apply(stored.run()));
  }

  /**
   * Refuses an image of another size than was announced.
   *
   * @param expectedWidth in pixels, as displayed
   * @param expectedHeight in pixels, as displayed
   * @throws ImageRejectedException where the size differs
   */
  void requireSize(int expectedWidth, int expectedHeight) throws ImageRejectedException {
    if (width != expectedWidth || height != expectedHeight) {
      throw new ImageRejectedException(
          "the image has %s x %s pixels where %s x %s are expected"
              .formatted(width, height, expectedWidth, expectedHeight));
    }
  }

  /**
   * Decodes the pixels.
   *
   * @throws ImageRejectedException where they are damaged
   */
  RgbImage decode() throws ImageRejectedException {
    return Guarded.decoding("the " + format, pixels);
  }
}
