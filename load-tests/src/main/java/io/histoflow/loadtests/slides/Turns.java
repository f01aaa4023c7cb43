package io.histoflow.loadtests.slides;

import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import java.util.ArrayList;
import java.util.List;

/**
 * What one side did with a slide, a figure a round.
 *
 * @param tilesPerSecond by the clock
 * @param cpuMillis CPU time a tile, milliseconds: of all threads and of processes that were started
 */
public record Turns(List<Double> tilesPerSecond, List<Double> cpuMillis) {
  /** Copies the lists. */
  public Turns {
    tilesPerSecond = List.copyOf(tilesPerSecond);
    cpuMillis = List.copyOf(cpuMillis);
  }

  /** Returns tiles a second. */
  Rates rates() {
    return new Rates(tilesPerSecond);
  }

  /** Returns CPU time a tile, milliseconds. */
  Rates millis() {
    return new Rates(cpuMillis);
  }

  /** Returns how many times another's tiles a second these are. */
  SideBySide beside(Turns theirs) {
    return SideBySide.of(tilesPerSecond, theirs.tilesPerSecond, Double.MAX_VALUE);
  }

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
      return new Turns(rates, millis);
    }
  }
}
