package io.histoflow.loadtests.measuring;

/** Checks what a benchmark is asked for; each throws IllegalArgumentException with one sentence. */
public final class Ranges {
  private Ranges() {}

  /** Refuses a value outside a range. */
  public static void require(String name, int value, int least, int most) {
    require(
        value >= least && value <= most,
        name + " is " + value + " but must be " + least + " to " + most + ".");
  }

  /** Refuses an edge in pixels outside a range, and one that the network cannot halve thrice. */
  public static void requireEdge(String name, int value, int least, int most) {
    require(
        value >= least && value <= most && value % 8 == 0,
        name + " is %d but must be a multiple of 8 from %d to %d.".formatted(value, least, most));
  }

  /** Refuses what does not hold. */
  public static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
