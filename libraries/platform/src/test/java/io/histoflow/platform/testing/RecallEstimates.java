package io.histoflow.platform.testing;

import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Estimates of recall as the topology publishes them; builders, so that a test says what counts.
 */
public final class RecallEstimates {
  /** When everything here was estimated; the first review was asked for a week before. */
  public static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

  private RecallEstimates() {}

  /**
   * An estimate of 60 slides, on a scanner without a name, by version 1, without figures.
   *
   * @param read tiles that chance drew and somebody read; no others were asked for
   */
  public static RecallEstimate.Builder of(String organ, long read) {
    return RecallEstimate.newBuilder()
        .setOrgan(organ)
        .setScanner("")
        .setModelVersion(1)
        .setSlides(60)
        .setTilesAsked(read)
        .setTilesRead(read)
        .setTilesDrawn(read)
        .setTilesDrawnRead(read)
        .setMissedShareLow(0)
        .setMissedShareHigh(1)
        .setSlidesCounted(0)
        .setLevel(0.08)
        .setEvidence(0)
        .setLimit(6)
        .setSince(NOW.minus(Duration.ofDays(7)))
        .setUpdatedAt(NOW)
        .setHistory(List.of());
  }

  /**
   * Totals, with an interval of 0.02 to each side.
   *
   * @param variance of the total that is missed; the others have none
   */
  public static RecallFigures.Builder figures(double found, double missed, double variance) {
    double recall = found / (found + missed);
    return RecallFigures.newBuilder()
        .setRecall(recall)
        .setRecallLow(recall - 0.02)
        .setRecallHigh(recall + 0.02)
        .setPrecisionLow(0)
        .setPrecisionHigh(1)
        .setFound(found)
        .setMissed(missed)
        .setWrong(0)
        .setFoundFound(0)
        .setFoundMissed(0)
        .setFoundWrong(0)
        .setMissedMissed(variance)
        .setWrongWrong(0);
  }
}
