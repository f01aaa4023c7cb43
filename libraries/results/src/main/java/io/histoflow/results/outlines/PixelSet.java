package io.histoflow.results.outlines;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A set of pixels, as runs in the order of rows; immutable. Runs of a row neither overlap nor
 * touch.
 */
public final class PixelSet {
  /** Of a run: row, first column, and the column after the last. */
  private static final int FIELDS = 3;

  private final int[] runs;

  private PixelSet(int[] runs) {
    this.runs = runs;
  }

  /**
   * Takes runs in any order, which may overlap.
   *
   * @param runs of each run its row, its first column and the column after its last
   * @param length how many numbers of the array count, a multiple of 3
   * @throws IllegalArgumentException where a run is empty
   */
  public static PixelSet of(int[] runs, int length) {
    int count = length / FIELDS;
    boolean ordered = true;
    for (int i = 0; i < count; i++) {
      if (runs[FIELDS * i + 1] >= runs[FIELDS * i + 2]) {
        throw new IllegalArgumentException("A run of pixels is empty");
      }
      ordered &= i == 0 || isAfter(runs, i - 1, i);
    }
    return new PixelSet(ordered ? Arrays.copyOf(runs, length) : merged(runs, count));
  }

  private static boolean isAfter(int[] runs, int before, int run) {
    int row = runs[FIELDS * run];
    int rowBefore = runs[FIELDS * before];
    return row > rowBefore
        || (row == rowBefore && runs[FIELDS * run + 1] > runs[FIELDS * before + 2]);
  }

  private static int[] merged(int[] runs, int count) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingInt((Integer i) -> runs[FIELDS * i])
            .thenComparingInt(i -> runs[FIELDS * i + 1]));
    int[] out = new int[FIELDS * count];
    int length = 0;
    for (int run : order) {
      int row = runs[FIELDS * run];
      int from = runs[FIELDS * run + 1];
      int to = runs[FIELDS * run + 2];
      if (length > 0 && out[length - 3] == row && from <= out[length - 1]) {
        out[length - 1] = Math.max(out[length - 1], to);
      } else {
        out[length++] = row;
        out[length++] = from;
        out[length++] = to;
      }
    }
    return Arrays.copyOf(out, length);
  }

  /** Returns how many runs there are. */
  public int size() {
    return runs.length / FIELDS;
  }

  /** Returns the row of a run. */
  public int row(int run) {
    return runs[FIELDS * run];
  }

  /** Returns the first column of a run. */
  public int from(int run) {
    return runs[FIELDS * run + 1];
  }

  /** Returns the column after the last of a run. */
  public int to(int run) {
    return runs[FIELDS * run + 2];
  }

  /** Returns the number of pixels. */
  public long area() {
    long area = 0;
    for (int i = 0; i < size(); i++) {
      area += to(i) - from(i);
    }
    return area;
  }

  /** Returns the mean of the pixels' centres along a row. */
  public double centreX() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += (to(i) - from(i)) * (from(i) + (to(i) - from(i)) / 2.0);
    }
    return sum / area();
  }

  /** Returns the mean of the pixels' centres down a column. */
  public double centreY() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += (to(i) - from(i)) * (row(i) + 0.5);
    }
    return sum / area();
  }

  /** Returns a hash of the pixels and where they are: the first 64 bits of a SHA-256. */
  public long hash() {
    Hasher hasher = Hashing.sha256().newHasher(Integer.BYTES * runs.length);
    for (int value : runs) {
      hasher.putInt(value);
    }
    return hasher.hash().asLong();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelSet that && Arrays.equals(runs, that.runs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(runs);
  }

  @Override
  public String toString() {
    return "PixelSet[" + area() + " pixels in " + size() + " runs]";
  }
}
