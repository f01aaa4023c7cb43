package io.histoflow.evaluation;

import io.histoflow.imaging.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the eight ways to lay a tile on the table: mirrored or not, then turned by quarters.
 *
 * @param flip whether left and right change places first
 * @param quarterTurns clockwise turns after that, 0 to 3
 */
public record FlipTurn(boolean flip, int quarterTurns) {

  /** All eight, the tile as it is first. */
  public static final List<FlipTurn> ALL = all();

  public FlipTurn {
    if (quarterTurns < 0 || quarterTurns > 3) {
      throw new IllegalArgumentException("Quarter turns are 0 to 3, not " + quarterTurns);
    }
  }

  /** Flips and turns an image; an odd number of turns swaps width and height. */
  public RgbImage apply(RgbImage image) {
    int width = width(image.width(), image.height());
    int height = image.width() + image.height() - width;
    byte[] rgb = new byte[image.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = source(x, y, image.width(), image.height());
        System.arraycopy(image.rgb(), 3 * from, rgb, 3 * (y * width + x), 3);
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  /**
   * Lays values of a flipped and turned image back.
   *
   * @param values one for each pixel of the image that {@link #apply} returned
   * @param width of the original image in pixels
   * @param height of the original image in pixels
   * @return one for each pixel of the original, (H, W)
   */
  public float[] undo(float[] values, int width, int height) {
    int turnedWidth = width(width, height);
    float[] original = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      original[source(i % turnedWidth, i / turnedWidth, width, height)] = values[i];
    }
    return original;
  }

  private int width(int width, int height) {
    return quarterTurns % 2 == 0 ? width : height;
  }

  /** Where in the original (index of the pixel) the pixel (x, y) of the result comes from. */
  private int source(int x, int y, int width, int height) {
    int column =
        switch (quarterTurns) {
          case 0 -> x;
          case 1 -> y;
          case 2 -> width - 1 - x;
          default -> width - 1 - y;
        };
    int row =
        switch (quarterTurns) {
          case 0 -> y;
          case 1 -> height - 1 - x;
          case 2 -> height - 1 - y;
          default -> x;
        };
    return row * width + (flip ? width - 1 - column : column);
  }

  private static List<FlipTurn> all() {
    List<FlipTurn> ways = new ArrayList<>();
    for (boolean flip : new boolean[] {false, true}) {
      for (int turns = 0; turns < 4; turns++) {
        ways.add(new FlipTurn(flip, turns));
      }
    }
    return List.copyOf(ways);
  }
}
