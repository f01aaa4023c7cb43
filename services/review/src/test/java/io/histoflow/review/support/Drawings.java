package io.histoflow.review.support;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Small tiles drawn by hand: pink ground with one violet disc, the disc as mask. */
public final class Drawings {
  /** A feature of GeoJSON: a nucleus in the tile of an alert as {@link TestAlert} places it. */
  public static final String NUCLEUS =
      """
      {"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
        [[[514,1026],[518,1026],[518,1029],[514,1029],[514,1026]]]}}""";

  private Drawings() {}

  /** Draws the tile. */
  public static RgbImage image(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      boolean nucleus = inDisc(i % width, i / width, width, height);
      rgb[3 * i] = (byte) (nucleus ? 96 : 231);
      rgb[3 * i + 1] = (byte) (nucleus ? 64 : 180);
      rgb[3 * i + 2] = (byte) (nucleus ? 140 : 206);
    }
    return RgbImage.of(width, height, rgb);
  }

  /** Draws the tile as PNG. */
  public static byte[] imagePng(int width, int height) {
    return RgbPng.encode(image(width, height));
  }

  /** Draws the disc as mask. */
  public static Mask mask(int width, int height) {
    byte[] values = new byte[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (inDisc(i % width, i / width, width, height) ? 1 : 0);
    }
    return Mask.of(width, height, values);
  }

  /** Draws the disc as mask in PNG. */
  public static byte[] maskPng(int width, int height) {
    return MaskPng.encode(mask(width, height));
  }

  /**
   * Draws round nuclei as mask.
   *
   * @param discs centre and radius of each, {x, y, radius}; a negative radius is a hole
   */
  public static Mask discs(int width, int height, int[]... discs) {
    byte[] values = new byte[width * height];
    for (int[] disc : discs) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          if (Math.hypot(x + 0.5 - disc[0], y + 0.5 - disc[1]) <= Math.abs(disc[2])) {
            values[y * width + x] = (byte) (disc[2] > 0 ? 1 : 0);
          }
        }
      }
    }
    return Mask.of(width, height, values);
  }

  /** Draws an empty mask of four channels with 16 bits each. */
  public static byte[] deepMaskPng(int width, int height) {
    ColorModel rgba =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    BufferedImage image =
        new BufferedImage(rgba, rgba.createCompatibleWritableRaster(width, height), false, null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Draws probabilities around the disc, a level a pixel: cut at level c they are the disc with a
   * radius that is 8 - c pixels larger.
   */
  public static byte[] probabilitiesPng(int width, int height) {
    byte[] values = new byte[width * height];
    double radius = Math.min(width, height) / 4.0;
    for (int i = 0; i < values.length; i++) {
      int x = i % width;
      int y = i / width;
      double within = radius - Math.hypot(x + 0.5 - width / 2.0, y + 0.5 - height / 2.0);
      values[i] = (byte) (17 * Math.max(0, Math.min(15, 8 + (int) Math.floor(within))));
    }
    return GreyPng.encodeLevels(GreyImage.of(width, height, values));
  }

  /** Draws an entropy map that rises from left to right. */
  public static byte[] entropyPng(int width, int height) {
    int columns = (width + 3) / 4;
    int rows = (height + 3) / 4;
    byte[] values = new byte[columns * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (255 * (i % columns) / Math.max(1, columns - 1));
    }
    return GreyPng.encode(GreyImage.of(columns, rows, values));
  }

  private static boolean inDisc(int x, int y, int width, int height) {
    double dx = x + 0.5 - width / 2.0;
    double dy = y + 0.5 - height / 2.0;
    double radius = Math.min(width, height) / 4.0;
    return dx * dx + dy * dy <= radius * radius;
  }
}
