package io.histoflow.results.recall;

import io.histoflow.recall.AuditPlan;
import io.histoflow.recall.Ratio;
import io.histoflow.schemas.RecallEstimate;
import java.time.Duration;
import java.util.Optional;

/** Whether enough tiles were audited for an estimate to say something. */
public final class Readiness {
  /** Half the width of an interval that says something. */
  private static final double USEFUL = 0.05;

  private static final double MINUTES_A_DAY = 24 * 60;
  private static final Duration LEAST_OBSERVED = Duration.ofHours(1);

  private Readiness() {}

  /** Returns the sentence of an estimate that says nothing yet; empty where it does. */
  public static Optional<String> of(RecallEstimate estimate) {
    Ratio recall =
        estimate.getModelPixels() == null
            ? Ratio.UNKNOWN
            : RecallSummary.totals(estimate.getModelPixels(), estimate.getSlides()).recall();
    long read = estimate.getTilesDrawnRead();
    if (recall.known()
        && (recall.high() - recall.low()) / 2 <= USEFUL
        && read >= AuditPlan.FEWEST_TILES) {
      return Optional.empty();
    }
    String tiles = read == 1 ? "1 tile" : read + " tiles";
    return Optional.of("not enough audited yet: " + tiles + left(estimate, recall, read));
  }

  private static String left(RecallEstimate estimate, Ratio recall, long read) {
    Duration observed = Duration.between(estimate.getSince(), estimate.getUpdatedAt());
    long needed = Math.max(AuditPlan.FEWEST_TILES, AuditPlan.seen(recall, read).tiles(USEFUL));
    long missing = needed - read;
    if (read == 0 || missing <= 0 || observed.compareTo(LEAST_OBSERVED) < 0) {
      return "";
    }
    double tilesADay = read / (observed.toMinutes() / MINUTES_A_DAY);
    long days = Math.max(1, Math.round(missing / tilesADay));
    return ", about " + (days == 1 ? "a day" : days + " days") + " at this rate";
  }
}
