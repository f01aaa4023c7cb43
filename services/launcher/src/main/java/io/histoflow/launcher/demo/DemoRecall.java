package io.histoflow.launcher.demo;

import io.histoflow.datasets.Sample;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.launcher.demo.DemoResult.RecallOutcome;
import io.histoflow.recall.Counts;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.TileComparison;
import io.histoflow.recall.Totals;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.TileSegmented;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;

/** What was estimated of a demo, beside what its masks say of all tiles. */
final class DemoRecall {
  private DemoRecall() {}

  /**
   * Compares them.
   *
   * @param samples all images, whose masks are known
   * @param tiles the first segmentation of each tile
   * @param estimates the latest of each organ
   */
  static RecallOutcome of(
      Collection<Sample> samples, Collection<TileSegmented> tiles, List<RecallEstimate> estimates) {
    boolean known =
        estimates.stream()
            .allMatch(e -> e.getModelPixels() != null || e.getRoutedModelPixels() != null);
    Ratio recall =
        known
            ? new RecallSummary(estimates).model().map(Totals::recall).orElse(Ratio.UNKNOWN)
            : Ratio.UNKNOWN;
    Counts truth = truth(samples, tiles);
    return new RecallOutcome(
        recall.known() ? recall.value() : null,
        recall.known() ? recall.low() : null,
        recall.known() ? recall.high() : null,
        truth.truth() == 0 ? null : (double) truth.found() / truth.truth(),
        estimates.stream().mapToLong(RecallEstimate::getTilesDrawn).sum(),
        estimates.stream().mapToLong(RecallEstimate::getTilesDrawnRead).sum());
  }

  private static Counts truth(Collection<Sample> samples, Collection<TileSegmented> tiles) {
    Map<String, List<TileSegmented>> bySlide =
        tiles.stream().collect(Collectors.groupingBy(TileSegmented::getSlideId));
    Counts counts = Counts.NONE;
    for (Sample sample : samples) {
      List<TileSegmented> ofSlide = bySlide.getOrDefault(DemoScan.slideId(sample), List.of());
      if (!ofSlide.isEmpty()) {
        Mask truth = sample.load().mask();
        for (TileSegmented tile : ofSlide) {
          counts = counts.plus(compared(tile, truth).pixels());
        }
      }
    }
    return counts;
  }

  private static TileComparison compared(TileSegmented tile, Mask truth) {
    try {
      return TileComparison.of(
          MaskPng.decode(
              Utils.toArray(tile.getMask()),
              ImageLimits.forTiles(),
              tile.getWidth(),
              tile.getHeight()),
          truth.crop(tile.getX(), tile.getY(), tile.getWidth(), tile.getHeight()));
    } catch (ImageRejectedException e) {
      throw new IllegalStateException("A mask of the demo's own cannot be read", e);
    }
  }
}
