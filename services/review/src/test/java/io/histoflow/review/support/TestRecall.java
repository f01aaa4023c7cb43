package io.histoflow.review.support;

import io.histoflow.platform.testing.RecallEstimates;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.time.Duration;
import java.time.Instant;

/** Estimates of recall as the topology publishes them. */
public final class TestRecall {
  /** When everything here was estimated. */
  public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private TestRecall() {}

  /**
   * An estimate from 412 audited tiles of 40 slides: recall 0.93, with review 0.965. Two read 41 of
   * them, and agree on 70 pixels of 100, with a kappa of 0.4.
   */
  public static RecallEstimate known(String organ) {
    RecallEstimate estimate = estimate(organ, 412, figures(930, 70, 12), figures(965, 35, 6));
    estimate.put("agreement", new ReaderAgreement(41L, 40L, 10L, 20L, 30L, 0.4, 0.93, 0.91));
    return estimate;
  }

  /** An estimate of 0.8, far below what is promised, with its alarm. */
  public static RecallEstimate alarmed(String organ) {
    RecallEstimate estimate = estimate(organ, 300, figures(800, 200, 15), figures(900, 100, 9));
    estimate.put("alarmedAt", NOW);
    return estimate;
  }

  /** An estimate from 14 tiles in a week, of which nothing follows yet. */
  public static RecallEstimate young(String organ) {
    return estimate(organ, 14, null, null);
  }

  /** The alarm of {@link #alarmed}. */
  public static RecallAlarm alarm(String organ) {
    return RecallAlarm.newBuilder()
        .setOrgan(organ)
        .setScanner("S360")
        .setModelVersion(3)
        .setMissedShare(0.2)
        .setMissedShareLow(0.12)
        .setLevel(0.08)
        .setSlides(38)
        .setEvidence(6.5)
        .setLimit(6)
        .setDetectedAt(NOW)
        .build();
  }

  private static RecallEstimate estimate(
      String organ, long read, RecallFigures model, RecallFigures system) {
    return RecallEstimates.of(organ, read)
        .setScanner("S360")
        .setModelVersion(3)
        .setSlides(40)
        .setTilesAsked(5 * read)
        .setTilesRead(4 * read)
        .setTilesDrawn(read + 9)
        .setModelPixels(model)
        .setSystemPixels(system)
        .setSince(NOW.minus(Duration.ofDays(7)))
        .setUpdatedAt(NOW)
        .build();
  }

  private static RecallFigures figures(double found, double missed, double spread) {
    return RecallEstimates.figures(found, missed, spread * spread)
        .setPrecision(found / (found + 50))
        .setPrecisionLow(0.93)
        .setPrecisionHigh(0.97)
        .setWrong(50)
        .setFoundFound(spread * spread)
        .setWrongWrong(spread * spread)
        .build();
  }
}
