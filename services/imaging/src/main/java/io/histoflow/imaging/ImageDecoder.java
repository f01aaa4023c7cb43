package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Decodes PNG, JPEG and TIFF into RGB within bounds. The format is told by the first bytes; the
 * dimensions are read from the header and checked before pixels are allocated; a file that is cut
 * off or damaged is refused and never half decoded. Of a TIFF with several images the first is
 * taken. Safe for use by several threads.
 */
public final class ImageDecoder {

  private final ImageLimits limits;

  /**
   * @param limits bounds on what is decoded
   */
  public ImageDecoder(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * Decodes an image.
   *
   * @param bytes the encoded image
   * @throws ImageRejectedException where it is no PNG, JPEG or TIFF, too large, cut off or damaged
   */
  public RgbImage decode(byte[] bytes) throws ImageRejectedException {
    limits.checkBytes(bytes.length);
    ImageFileFormat format =
        ImageFileFormat.sniff(bytes)
            .orElseThrow(
                () ->
                    new ImageRejectedException(
                        "the image is not PNG, JPEG or TIFF; its first bytes look like "
                            + ImageFileFormat.describe(bytes)));
    try {
      return switch (format) {
        case PNG -> decodePng(bytes);
        case JPEG -> decodeJpeg(bytes);
        case TIFF -> decodeTiff(bytes);
      };
    } catch (IOException | RuntimeException e) {
      // Codecs answer damaged input with exceptions of every kind.
      throw ImageRejectedException.damaged("the " + format, e);
    }
  }

  /**
   * Decodes a file; messages begin with its name.
   *
   * @param file a PNG, JPEG or TIFF, whatever its name says
   * @throws ImageRejectedException as {@link #decode(byte[])}, and where it cannot be read
   */
  public RgbImage decode(Path file) throws ImageRejectedException {
    byte[] bytes = EncodedFile.read(file, limits);
    try {
      return decode(bytes);
    } catch (ImageRejectedException e) {
      throw EncodedFile.named(file, e);
    }
  }

  private RgbImage decodePng(byte[] bytes) throws IOException, ImageRejectedException {
    return rgb(Codec.readPng(PngStructure.essentials(bytes, limits)));
  }

  private RgbImage decodeJpeg(byte[] bytes) throws IOException, ImageRejectedException {
    JpegStructure jpeg = JpegStructure.of(bytes, limits);
    return jpeg.components() == 4
        ? Cmyk.toRgb(Codec.readJpegRaster(jpeg.essentials()), jpeg.adobeTransform())
        : rgb(Codec.readJpeg(jpeg.essentials()));
  }

  private RgbImage decodeTiff(byte[] bytes) throws IOException, ImageRejectedException {
    return rgb(Codec.readTiff(bytes, limits));
  }

  private static RgbImage rgb(BufferedImage image) {
    return RgbImage.of(image.getWidth(), image.getHeight(), RgbPixels.consume(image));
  }
}
