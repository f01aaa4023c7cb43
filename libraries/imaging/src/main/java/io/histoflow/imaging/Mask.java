package io.histoflow.imaging;

import java.util.Arrays;

/**
 * A binary mask, immutable by convention: nobody writes to {@link #values()}.
 *
 * <p>Layout (H, W): rows from the top, one byte a pixel, 1 = positive, 0 = background.
 */
public final class Mask {

  private final int width;
  private final int height;
  private final byte[] values;

  private Mask(int width, int height, byte[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /**
   * Copies values; any that is not 0 is positive.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param zeroOrNonZero height x width values
   * @throws IllegalArgumentException where the array does not have that length
   */
  public static Mask of(int width, int height, byte[] zeroOrNonZero) {
    Raster2d.checkLength(width, height, 1, zeroOrNonZero);
    byte[] values = new byte[zeroOrNonZero.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (zeroOrNonZero[i] == 0 ? 0 : 1);
    }
    return new Mask(width, height, values);
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /**
   * Whether a pixel is positive.
   *
   * @param x column, 0 to width - 1
   * @param y row, 0 to height - 1
   * @throws IndexOutOfBoundsException outside the mask
   */
  public boolean at(int x, int y) {
    return values[Raster2d.index(width, height, x, y)] != 0;
  }

  /** All values, (H, W), 0 or 1; not a copy and not to be changed. */
  public byte[] values() {
    return values;
  }

  /** Number of positive pixels. */
  public long positivePixels() {
    long n = 0;
    for (byte v : values) {
      n += v;
    }
    return n;
  }

  /**
   * Cuts out a rectangle.
   *
   * @param x left edge in pixels
   * @param y top edge in pixels
   * @param w width in pixels, 1 or more
   * @param h height in pixels, 1 or more
   * @throws IllegalArgumentException where the rectangle reaches outside the mask
   */
  public Mask crop(int x, int y, int w, int h) {
    return new Mask(w, h, Raster2d.crop(values, width, height, 1, x, y, w, h));
  }

  /** Adds pixels by reflection, as {@link RgbImage#reflectPad}. */
  public Mask reflectPad(int right, int bottom) {
    if (right == 0 && bottom == 0) {
      return this;
    }
    return new Mask(
        width + right,
        height + bottom,
        Raster2d.reflectPad(values, width, height, 1, right, bottom));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that
        && width == that.width
        && height == that.height
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Mask[" + width + " x " + height + "]";
  }
}
