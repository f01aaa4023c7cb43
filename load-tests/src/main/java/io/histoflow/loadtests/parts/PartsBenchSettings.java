package io.histoflow.loadtests.parts;

import static java.util.Objects.requireNonNull;

import io.histoflow.loadtests.measuring.Ranges;
import java.time.Duration;

/**
 * What {@link PartsBench} measures.
 *
 * @param edge of the tile in pixels, 16 to 4096
 * @param turns turns of each part, 1 to 100, after as many that do not count
 * @param turn how long a turn lasts, above 0
 * @param separateJvms whether each part has a JVM of its own, so that none is compiled for the
 *     habits of another
 */
public record PartsBenchSettings(int edge, int turns, Duration turn, boolean separateJvms) {

  /** Checks the ranges. */
  public PartsBenchSettings {
    requireNonNull(turn, "turn");
    Ranges.require("edge", edge, 16, 4096);
    Ranges.require("turns", turns, 1, 100);
    Ranges.require(turn.toMillis() >= 1, "turn is " + turn + " but must be 1 ms or more.");
  }

  /** Returns what {@code bench parts} measures when it is told nothing. */
  public static PartsBenchSettings defaults() {
    return new PartsBenchSettings(256, 3, Duration.ofSeconds(1), true);
  }
}
