package io.histoflow.ihc.region;

import io.histoflow.imaging.Mask;
import java.util.Arrays;

/**
 * Turns pixels of another section into regions. Neighbouring sections do not share nuclei, so gaps
 * up to the error are closed, and what is narrower than the error is dropped or filled.
 */
public final class Regions {
  private Regions() {}

  /**
   * Closes gaps, fills holes and drops specks.
   *
   * @param positive what was found
   * @param error of where it was found, in pixels, 1 or more: gaps up to twice that are closed,
   *     holes of an area up to that of a disc of twice that radius filled, and what no disc of that
   *     radius fits into dropped
   */
  public static Mask of(Mask positive, double error) {
    if (!(error >= 1)) {
      throw new IllegalArgumentException("the error is 1 pixel or more, not " + error);
    }
    double disc = Math.PI * error * error;
    Mask closed = within(within(positive, true, error), false, error);
    Mask filled = withoutSmallHoles(closed, 4 * disc);
    return within(within(filled, false, error), true, error);
  }

  /**
   * Returns the pixels at an edge of a region, on both sides: what lies there may belong to either.
   *
   * @param width of the band on each side, in pixels
   */
  public static Mask band(Mask regions, double width) {
    float[] in = DistanceMap.squared(regions, true);
    float[] out = DistanceMap.squared(regions, false);
    byte[] band = new byte[in.length];
    for (int i = 0; i < band.length; i++) {
      band[i] = (byte) (Math.max(in[i], out[i]) <= width * width ? 1 : 0);
    }
    return Mask.of(regions.width(), regions.height(), band);
  }

  /** Lets the positive pixels grow by a distance, or the others. */
  private static Mask within(Mask mask, boolean positive, double distance) {
    float[] squared = DistanceMap.squared(mask, positive);
    byte[] grown = new byte[squared.length];
    for (int i = 0; i < grown.length; i++) {
      grown[i] = (byte) (squared[i] <= distance * distance == positive ? 1 : 0);
    }
    return Mask.of(mask.width(), mask.height(), grown);
  }

  /** Fills what is connected without being positive and is of fewer pixels than a number. */
  private static Mask withoutSmallHoles(Mask mask, double fewest) {
    int width = mask.width();
    byte[] values = mask.values().clone();
    boolean[] seen = new boolean[values.length];
    int[] queue = new int[values.length];
    for (int seed = 0; seed < values.length; seed++) {
      if (seen[seed] || mask.values()[seed] != 0) {
        continue;
      }
      int end = 0;
      queue[end++] = seed;
      seen[seed] = true;
      for (int i = 0; i < end; i++) {
        int at = queue[i];
        int column = at % width;
        int[] beside = {
          column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width
        };
        for (int next : beside) {
          if (next >= 0 && next < values.length && !seen[next] && mask.values()[next] == 0) {
            seen[next] = true;
            queue[end++] = next;
          }
        }
      }
      if (end < fewest) {
        Arrays.stream(queue, 0, end).forEach(at -> values[at] = 1);
      }
    }
    return Mask.of(width, mask.height(), values);
  }
}
