package io.histoflow.loadtests.slides;

import io.histoflow.loadtests.measuring.Rates;
import java.util.ArrayList;
import java.util.List;

/**
 * What one side did with a slide, a figure a round.
 *
 * @param tilesPerSecond by the clock
 * @param cpuMillis CPU time a tile, milliseconds: of all threads and of processes that were started
 */
public record Turns(Rates tilesPerSecond, Rates cpuMillis) {

  /**
   * One turn.
   *
   * @param tiles that were done, 1 or more
   * @param seconds that passed, above 0
   * @param cpuSeconds that were computed
   */
  public record Turn(long tiles, double seconds, double cpuSeconds) {}

  /** Gathers turns; the first warms up and is left out. */
  static final class Gatherer {
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();
    private boolean warm;

    void add(Turn turn) {
      if (warm) {
        rates.add(turn.tiles() / turn.seconds());
        millis.add(1e3 * turn.cpuSeconds() / turn.tiles());
      }
      warm = true;
    }

    Turns turns() {
      return new Turns(new Rates(rates), new Rates(millis));
    }
  }
}
