package io.histoflow.recall;

import io.histoflow.imaging.Mask;
import java.util.Objects;

/**
 * A tile's mask beside the one that a reviewer left.
 *
 * <p>Objects are connected components, neighbours by edge or corner: nuclei that touch are one. An
 * object of the truth is found where the mask covers half of its pixels or more; one of the mask is
 * wrong where less than half of its pixels are of the truth. Objects at the tile's edge count as
 * far as they lie in the tile.
 *
 * @param pixels found, missed and wrong pixels
 * @param objects objects of the truth that are found and missed, and those of the mask that are
 *     wrong
 */
public record TileComparison(Counts pixels, Counts objects) {
  /** A tile that cannot be judged, or that shows nothing and in which nothing was seen. */
  public static final TileComparison NOTHING = new TileComparison(Counts.NONE, Counts.NONE);

  /** Share of an object's pixels that make it found, or right. */
  public static final double FOUND_AT = 0.5;

  /** Requires both. */
  public TileComparison {
    Objects.requireNonNull(pixels, "pixels");
    Objects.requireNonNull(objects, "objects");
  }

  /**
   * Compares two masks.
   *
   * @param mask the model's
   * @param truth the reviewer's, of the same size
   * @throws IllegalArgumentException where the sizes differ
   */
  public static TileComparison of(Mask mask, Mask truth) {
    if (mask.width() != truth.width() || mask.height() != truth.height()) {
      throw new IllegalArgumentException(
          "A mask of %d x %d pixels cannot be compared with one of %d x %d"
              .formatted(mask.width(), mask.height(), truth.width(), truth.height()));
    }
    byte[] seen = mask.values();
    byte[] real = truth.values();
    long found = 0;
    long missed = 0;
    long wrong = 0;
    for (int i = 0; i < seen.length; i++) {
      found += seen[i] != 0 && real[i] != 0 ? 1 : 0;
      missed += seen[i] == 0 && real[i] != 0 ? 1 : 0;
      wrong += seen[i] != 0 && real[i] == 0 ? 1 : 0;
    }
    long[] ofTruth = covered(real, seen, mask.width());
    long[] ofMask = covered(seen, real, mask.width());
    return new TileComparison(
        new Counts(found, missed, wrong),
        new Counts(ofTruth[0], ofTruth[1] - ofTruth[0], ofMask[1] - ofMask[0]));
  }

  /** Returns the share of the truth's pixels that is missed, 0..1; NaN where there is no truth. */
  public double missedShare() {
    return pixels.truth() == 0 ? Double.NaN : (double) pixels.missed() / pixels.truth();
  }

  /** Returns how many objects the cover covers enough, and how many there are. */
  private static long[] covered(byte[] objects, byte[] cover, int width) {
    int height = objects.length / width;
    boolean[] visited = new boolean[objects.length];
    int[] stack = new int[objects.length];
    long enough = 0;
    long all = 0;
    for (int start = 0; start < objects.length; start++) {
      if (objects[start] == 0 || visited[start]) {
        continue;
      }
      int depth = 0;
      stack[depth++] = start;
      visited[start] = true;
      long pixels = 0;
      long under = 0;
      while (depth > 0) {
        int at = stack[--depth];
        pixels++;
        under += cover[at] != 0 ? 1 : 0;
        int x = at % width;
        int y = at / width;
        for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
          for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
            int next = ny * width + nx;
            if (objects[next] != 0 && !visited[next]) {
              visited[next] = true;
              stack[depth++] = next;
            }
          }
        }
      }
      all++;
      enough += under >= FOUND_AT * pixels ? 1 : 0;
    }
    return new long[] {enough, all};
  }
}
