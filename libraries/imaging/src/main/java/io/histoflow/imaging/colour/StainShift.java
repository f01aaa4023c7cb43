package io.histoflow.imaging.colour;

import io.histoflow.imaging.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A synthetic, repeatable change of how a tile was stained and lit, in HED space: to measure what a
 * model makes of a laboratory it has not seen.
 *
 * @param kind what is changed
 * @param strength by how much, above -1 and below 1; 0 changes nothing
 */
public record StainShift(Kind kind, double strength) {

  /** What a shift changes. */
  public enum Kind {
    /** The amount of haematoxylin, by the factor 1 + strength. */
    HAEMATOXYLIN,
    /** The amount of eosin, by the factor 1 + strength. */
    EOSIN,
    /**
     * The hue: above 0 that share of haematoxylin shows as eosin (a redder slide), below 0 that
     * share of eosin as haematoxylin (a bluer one).
     */
    HUE,
    /** The light, by the factor 1 + strength; what exceeds white is lost. */
    BRIGHTNESS
  }

  /** Checks the strength. */
  public StainShift {
    if (!(strength > -1 && strength < 1)) {
      throw new IllegalArgumentException(
          "a stain shift has a strength above -1 and below 1, not " + strength);
    }
  }

  /** Returns every kind of shift at each of the strengths. */
  public static List<StainShift> grid(double... strengths) {
    List<StainShift> shifts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (double strength : strengths) {
        shifts.add(new StainShift(kind, strength));
      }
    }
    return shifts;
  }

  /** Returns the image as it would look after the shift. */
  public RgbImage apply(RgbImage image) {
    byte[] rgb = image.rgb().clone();
    map().apply(rgb);
    return RgbImage.of(image.width(), image.height(), rgb);
  }

  private DensityMap map() {
    double[][] change = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double light = 1;
    switch (kind) {
      case HAEMATOXYLIN -> change[0][0] += strength;
      case EOSIN -> change[1][1] += strength;
      case HUE -> {
        int from = strength > 0 ? 0 : 1;
        change[from][from] -= Math.abs(strength);
        change[1 - from][from] += Math.abs(strength);
      }
      case BRIGHTNESS -> light += strength;
    }
    return StainMatrix.HED.map(change, new double[3], StainMatrix.HED).brightened(light);
  }
}
