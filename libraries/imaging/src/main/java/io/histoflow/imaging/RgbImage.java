package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * An RGB image of 8 bits a channel, immutable by convention: nobody writes to {@link #rgb()}.
 *
 * <p>Layout (H, W, 3): rows from the top, pixels from the left, channels red, green, blue.
 */
public final class RgbImage {

  private final int width;
  private final int height;
  private final byte[] rgb;

  private RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Wraps pixels without copying them; the caller gives the array away.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param rgb height x width x 3 values
   * @throws IllegalArgumentException where the array does not have that length
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    Raster2d.checkLength(width, height, 3, rgb);
    return new RgbImage(width, height, rgb);
  }

  /**
   * Copies any 8- or 16-bit image: grey becomes three equal channels, palettes are looked up, 16
   * bits keep their upper 8, transparent pixels show white, the colour of empty glass.
   *
   * @throws IllegalArgumentException where samples are neither of 1 to 16 bits nor convertible
   */
  public static RgbImage from(BufferedImage image) {
    return of(image.getWidth(), image.getHeight(), RgbPixels.of(image, false));
  }

  /**
   * As {@link #from}, but may use up the image's own array: the image is worthless afterwards.
   *
   * @throws IllegalArgumentException as {@link #from}
   */
  public static RgbImage taking(BufferedImage image) {
    return of(image.getWidth(), image.getHeight(), RgbPixels.of(image, true));
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /** All values, (H, W, 3); not a copy and not to be changed. */
  public byte[] rgb() {
    return rgb;
  }

  /**
   * Cuts out a rectangle.
   *
   * @param x left edge in pixels
   * @param y top edge in pixels
   * @param w width in pixels, 1 or more
   * @param h height in pixels, 1 or more
   * @throws IllegalArgumentException where the rectangle reaches outside the image
   */
  public RgbImage crop(int x, int y, int w, int h) {
    return new RgbImage(w, h, Raster2d.crop(rgb, width, height, 3, x, y, w, h));
  }

  /**
   * Adds pixels at the right and at the bottom by reflection about the last column and row, which
   * are not repeated (d c b | a b c d | c b a). A margin wider than the image reflects again and
   * again; an image of one pixel repeats it.
   *
   * @param right columns to add, 0 or more
   * @param bottom rows to add, 0 or more
   */
  public RgbImage reflectPad(int right, int bottom) {
    if (right == 0 && bottom == 0) {
      return this;
    }
    return new RgbImage(
        width + right, height + bottom, Raster2d.reflectPad(rgb, width, height, 3, right, bottom));
  }

  /** A copy as an image of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return image;
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + " x " + height + "]";
  }
}
