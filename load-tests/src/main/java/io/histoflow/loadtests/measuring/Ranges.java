package io.histoflow.loadtests.measuring;

/** Checks what a benchmark is asked for. */
public final class Ranges {
  private Ranges() {}

  /**
   * Refuses a value that cannot be measured with.
   *
   * @throws IllegalArgumentException where the value is not in the range, with one sentence
   */
  public static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + " but must be " + least + " to " + most + ".");
    }
  }
}
