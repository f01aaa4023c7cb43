package io.histoflow.loadtests.recall;

import io.histoflow.recall.Counts;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.RecallEstimator;
import io.histoflow.recall.RecallEstimator.Unit;
import io.histoflow.recall.RecallEstimator.Whose;
import io.histoflow.recall.SlideSums;
import io.histoflow.recall.Stratum;
import io.histoflow.recall.Totals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws from the same tiles thousands of times, by the estimators alone: how often intervals hold
 * the truth, by how many tiles were audited. What is routed is what one deployment routed.
 */
final class AuditDraws {
  private static final int[] EXPECTED = {5, 10, 15, 20, 30, 50, 100, 200};

  private final List<List<MaskedTile>> slides;
  private final Set<String> routed;

  AuditDraws(List<List<MaskedTile>> slides, Set<String> routed) {
    this.slides = slides;
    this.routed = routed;
  }

  /**
   * Intervals of one size of the audit.
   *
   * @param probability with which a tile is drawn
   * @param meanAudited tiles that are drawn, on average
   * @param draws that have an interval
   * @param holding those of them whose interval holds the recall over all tiles
   * @param saying those of them whose half-width is at most {@value #USEFUL}
   * @param sayingHolding those of these that hold it
   * @param meanHalfWidth of all
   */
  record Row(
      double probability,
      double meanAudited,
      int draws,
      int holding,
      int saying,
      int sayingHolding,
      double meanHalfWidth) {
    /** What {@code ./histoflow recall} takes for an interval that says something. */
    static final double USEFUL = 0.05;
  }

  /** Draws so often for each size of the audit that leaves a tile to nobody. */
  List<Row> run(int draws, long seed) {
    List<Row> rows = new ArrayList<>();
    int tiles = slides.stream().mapToInt(List::size).sum();
    for (int expected : EXPECTED) {
      if (draws > 0 && expected < tiles / 2) {
        rows.add(row((double) expected / tiles, draws, new SplittableRandom(seed)));
      }
    }
    return rows;
  }

  private Row row(double probability, int draws, SplittableRandom random) {
    double truth = truth();
    int known = 0;
    int holding = 0;
    int saying = 0;
    int sayingHolding = 0;
    double widths = 0;
    long audited = 0;
    for (int draw = 0; draw < draws; draw++) {
      Map<String, List<SlideSums>> byOrgan = new HashMap<>();
      boolean any = false;
      for (List<MaskedTile> slide : slides) {
        SortedMap<Double, Stratum> strata = new TreeMap<>();
        for (MaskedTile tile : slide) {
          boolean isRouted = routed.contains(tile.segmented().getTileId());
          boolean isDrawn = random.nextDouble() < probability;
          audited += isDrawn ? 1 : 0;
          any |= isDrawn && !isRouted;
          if (isRouted || isDrawn) {
            strata.merge(isRouted ? 1 : probability, stratum(tile.pixels()), AuditDraws::sum);
          }
        }
        if (!strata.isEmpty()) {
          byOrgan
              .computeIfAbsent(slide.get(0).segmented().getOrgan(), organ -> new ArrayList<>())
              .add(new SlideSums(strata));
        }
      }
      if (!any) {
        continue;
      }
      Ratio recall =
          byOrgan.values().stream()
              .map(of -> RecallEstimator.totals(of, Unit.PIXELS, Whose.MODEL).orElseThrow())
              .reduce(Totals::plus)
              .orElseThrow()
              .recall();
      double halfWidth = (recall.high() - recall.low()) / 2;
      boolean holds = recall.low() <= truth && truth <= recall.high();
      known++;
      holding += holds ? 1 : 0;
      saying += halfWidth <= Row.USEFUL ? 1 : 0;
      sayingHolding += holds && halfWidth <= Row.USEFUL ? 1 : 0;
      widths += halfWidth;
    }
    return new Row(
        probability,
        (double) audited / draws,
        known,
        holding,
        saying,
        sayingHolding,
        widths / Math.max(1, known));
  }

  private double truth() {
    Counts all =
        slides.stream()
            .flatMap(List::stream)
            .map(MaskedTile::pixels)
            .reduce(Counts.NONE, Counts::plus);
    return (double) all.found() / all.truth();
  }

  private static Stratum stratum(Counts pixels) {
    return new Stratum(1, 1, pixels, Counts.NONE);
  }

  private static Stratum sum(Stratum a, Stratum b) {
    return new Stratum(
        a.asked() + b.asked(), a.read() + b.read(), a.pixels().plus(b.pixels()), Counts.NONE);
  }
}
