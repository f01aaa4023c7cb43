package io.histoflow.results.outlines;

import java.util.Arrays;

/** Runs of pixels that are being gathered; belongs to one thread. */
public final class RunList {
  private static final int FIRST = 48;

  private int[] runs = new int[FIRST];
  private int length;

  /** Adds the pixels of a row from a column to before another. */
  public void add(int row, int from, int to) {
    if (length + 3 > runs.length) {
      runs = Arrays.copyOf(runs, 2 * runs.length);
    }
    runs[length++] = row;
    runs[length++] = from;
    runs[length++] = to;
  }

  /** Adds all of another list. */
  public void addAll(RunList other) {
    if (length + other.length > runs.length) {
      runs = Arrays.copyOf(runs, Math.max(length + other.length, 2 * runs.length));
    }
    System.arraycopy(other.runs, 0, runs, length, other.length);
    length += other.length;
  }

  /** Returns how many runs there are. */
  public int size() {
    return length / 3;
  }

  /** Returns the pixels. */
  public PixelSet pixels() {
    return PixelSet.of(runs, length);
  }
}
