package io.histoflow.imaging;

/**
 * A map of 8 bits a pixel, for example of entropy; immutable by convention: nobody writes to {@link
 * #values()}.
 *
 * <p>Layout (H, W): rows from the top, one byte a pixel, 0..255.
 */
public final class GreyImage {

  private final int width;
  private final int height;
  private final byte[] values;

  private GreyImage(int width, int height, byte[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /**
   * Wraps values without copying them; the caller gives the array away.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param values height x width values
   * @throws IllegalArgumentException where the array does not have that length
   */
  public static GreyImage of(int width, int height, byte[] values) {
    Raster2d.checkLength(width, height, 1, values);
    return new GreyImage(width, height, values);
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
   * One value, 0..255.
   *
   * @param x column, 0 to width - 1
   * @param y row, 0 to height - 1
   * @throws IndexOutOfBoundsException outside the map
   */
  public int at(int x, int y) {
    return values[Raster2d.index(width, height, x, y)] & 0xFF;
  }

  /** All values, (H, W), unsigned; not a copy and not to be changed. */
  public byte[] values() {
    return values;
  }

  @Override
  public String toString() {
    return "GreyImage[" + width + " x " + height + "]";
  }
}
