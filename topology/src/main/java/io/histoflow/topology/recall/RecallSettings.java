package io.histoflow.topology.recall;

import java.time.Duration;
import java.util.Objects;

/**
 * What an operator decides about the measurement of recall.
 *
 * @param level highest expected share of a tile's positive pixels that may be missed, above 0 and
 *     below 1
 * @param interval how often estimates are published that a verdict has changed
 * @param retention how long a tile's masks wait for a verdict, or for another one
 */
public record RecallSettings(double level, Duration interval, Duration retention) {

  /** Checks the ranges. */
  public RecallSettings {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "the level of recall is " + level + ", must be above 0 and below 1");
    }
    requirePositive(interval, "interval");
    requirePositive(retention, "retention");
  }

  /** Returns the level of {@code calibrate}, and times for a running laboratory. */
  public static RecallSettings defaults() {
    return new RecallSettings(0.08, Duration.ofSeconds(10), Duration.ofDays(30));
  }

  private static void requirePositive(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.toMillis() <= 0) {
      throw new IllegalArgumentException(name + " is " + duration + ", must be 1 ms or more");
    }
  }
}
