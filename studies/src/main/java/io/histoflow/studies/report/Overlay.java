package io.histoflow.studies.report;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.plots.Palette;
import java.awt.Color;

/**
 * A tile in pale grey with hits, misses and false alarms in colours of the palette; they also
 * differ in lightness, and misses are the most opaque.
 */
final class Overlay {

  /** What a pixel is, and how it is shown. */
  enum Kind {
    HIT("hit: positive in truth and mask", Palette.BLUE, 0.5),
    MISS("miss: positive in truth only", Palette.VERMILION, 0.9),
    FALSE_ALARM("false alarm: positive in mask only", Palette.YELLOW, 0.7);

    private final String label;
    private final int colour;
    private final double opacity;

    Kind(String label, Color colour, double opacity) {
      this.label = label;
      this.colour = colour.getRGB() & 0xffffff;
      this.opacity = opacity;
    }

    String label() {
      return label;
    }

    /** 0xRRGGBB. */
    int colour() {
      return colour;
    }
  }

  private Overlay() {}

  static RgbImage of(RgbImage tile, Mask predicted, Mask truth) {
    byte[] rgb = new byte[tile.rgb().length];
    for (int i = 0; i < truth.values().length; i++) {
      double grey = grey(tile.rgb(), 3 * i);
      Kind kind = kind(predicted.values()[i] != 0, truth.values()[i] != 0);
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) Math.round(kind == null ? grey : mix(grey, kind, c));
      }
    }
    return RgbImage.of(tile.width(), tile.height(), rgb);
  }

  private static double mix(double grey, Kind kind, int channel) {
    int colour = kind.colour >> (16 - 8 * channel) & 0xff;
    return kind.opacity * colour + (1 - kind.opacity) * grey;
  }

  /** Luminance (Rec. 709), lightened so that colours stand out. */
  private static double grey(byte[] rgb, int at) {
    double luminance =
        0.2126 * (rgb[at] & 0xff) + 0.7152 * (rgb[at + 1] & 0xff) + 0.0722 * (rgb[at + 2] & 0xff);
    return 70 + luminance * 185 / 255;
  }

  private static Kind kind(boolean predicted, boolean positive) {
    if (predicted) {
      return positive ? Kind.HIT : Kind.FALSE_ALARM;
    }
    return positive ? Kind.MISS : null;
  }
}
