package io.histoflow.imaging.codec;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.nio.file.Path;

/**
 * Decodes PNG, JPEG and TIFF into RGB within bounds. The format is told by the first bytes; the
 * dimensions are read from the header and checked before pixels are allocated; a file that is cut
 * off or damaged is refused and never half decoded, and so is one for which memory or stack run out
 * while it is decoded. Of a TIFF with several images the largest is taken; several of that size are
 * refused, unless they are certain to be red, green and blue.
 *
 * <p>Pixels are as every format stores them, no colour profile is applied, and they are turned as
 * the file says (tag 274 of TIFF and of EXIF): width and height are those of the picture as it is
 * displayed. Safe for use by several threads.
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
    return EncodedImage.of(bytes, limits).decode();
  }

  /**
   * Decodes an image whose size was announced; one of another size is refused by its header, before
   * anything is allocated for its pixels.
   *
   * @param bytes the encoded image
   * @param expectedWidth in pixels, as displayed: after the orientation that the file declares
   * @param expectedHeight in pixels, as displayed
   * @throws ImageRejectedException as {@link #decode(byte[])}, and where its size differs
   */
  public RgbImage decode(byte[] bytes, int expectedWidth, int expectedHeight)
      throws ImageRejectedException {
    EncodedImage image = EncodedImage.of(bytes, limits);
    image.requireSize(expectedWidth, expectedHeight);
    return image.decode();
  }

  /**
   * Decodes a file; messages begin with its name.
   *
   * @param file a PNG, JPEG or TIFF, whatever its name says
   * @throws ImageRejectedException as {@link #decode(byte[])}, and where it cannot be read
   */
  public RgbImage decode(Path file) throws ImageRejectedException {
    return EncodedFile.decode(file, limits, this::decode);
  }
}
