package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How stored pixels are turned to be displayed: tag 274 of TIFF 6.0 and of EXIF, in the order of
 * its values 1 to 8.
 */
public enum Orientation {
  /** As stored. */
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  TURNED_180(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  /** A quarter turn clockwise. */
  TURNED_90(true, false, true),
  TRANSVERSE(true, true, true),
  /** A quarter turn counter-clockwise. */
  TURNED_270(true, true, false);

  private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  /** Whether displayed columns are stored rows. */
  private final boolean swapped;

  /** Whether the stored column falls while the displayed coordinate that it follows grows. */
  private final boolean columnsFall;

  private final boolean rowsFall;

  Orientation(boolean swapped, boolean columnsFall, boolean rowsFall) {
    this.swapped = swapped;
    this.columnsFall = columnsFall;
    this.rowsFall = rowsFall;
  }

  /** Of a tag's value; one outside 1..8 means nothing, so that pixels stay as they are stored. */
  static Orientation of(long value) {
    return value >= 1 && value <= values().length ? values()[(int) value - 1] : UPRIGHT;
  }

  /**
   * Of EXIF data; upright where they say nothing or are damaged.
   *
   * @param exif a TIFF header and what follows, before which "Exif" may stand; may be empty
   */
  public static Orientation ofExif(byte[] exif) {
    if (exif.length == 0) {
      return UPRIGHT;
    }
    boolean named =
        Arrays.equals(exif, 0, Math.min(exif.length, NAME.length), NAME, 0, NAME.length);
    byte[] tiff = named ? Arrays.copyOfRange(exif, NAME.length, exif.length) : exif;
    try {
      return of(TiffDirectory.first(ByteSource.of(tiff)).number(TiffTag.ORIENTATION, 1));
    } catch (IOException | ImageRejectedException e) {
      // Metadata that cannot be read turn nothing.
      return UPRIGHT;
    }
  }

  /** Whether width and height change places. */
  public boolean swapsSides() {
    return swapped;
  }

  /**
   * Turns pixels.
   *
   * @param stored rows from the top, height x width x channels values
   * @return as many, as displayed
   */
  public byte[] apply(byte[] stored, int width, int height, int channels) {
    if (this == UPRIGHT) {
      return stored;
    }
    int shownWidth = swapped ? height : width;
    int shownHeight = swapped ? width : height;
    byte[] shown = new byte[stored.length];
    int o = 0;
    for (int y = 0; y < shownHeight; y++) {
      for (int x = 0; x < shownWidth; x++) {
        int column = swapped ? y : x;
        int row = swapped ? x : y;
        int sx = columnsFall ? width - 1 - column : column;
        int sy = rowsFall ? height - 1 - row : row;
        int s = (sy * width + sx) * channels;
        for (int c = 0; c < channels; c++) {
          shown[o++] = stored[s + c];
        }
      }
    }
    return shown;
  }

  /** Turns an image. */
  public RgbImage apply(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    byte[] rgb = apply(stored.rgb(), stored.width(), stored.height(), 3);
    return swapped
        ? RgbImage.of(stored.height(), stored.width(), rgb)
        : RgbImage.of(stored.width(), stored.height(), rgb);
  }

  /**
   * Where displayed pixels are stored.
   *
   * @param width of the whole image, as stored
   * @param height of the whole image, as stored
   */
  Area stored(Area shown, int width, int height) {
    int column = swapped ? shown.y() : shown.x();
    int row = swapped ? shown.x() : shown.y();
    int w = swapped ? shown.height() : shown.width();
    int h = swapped ? shown.width() : shown.height();
    return new Area(
        columnsFall ? width - column - w : column, rowsFall ? height - row - h : row, w, h);
  }

  /** A rectangle of pixels. */
  record Area(int x, int y, int width, int height) {}
}
