package io.histoflow.schemas;

import java.time.Duration;
import java.time.Instant;

/** When the last report of an inference worker says nothing of the present any more. */
public final class WorkerSilence {
  private static final int MISSED_REPORTS = 3;
  private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  private WorkerSilence() {}

  /**
   * Tells whether a worker has missed three reports: it has ended without a word, or cannot reach
   * the brokers. One whose report comes from a day that is yet to come counts as silent too.
   */
  public static boolean isSilent(WorkerVersion worker, Instant now) {
    long interval =
        Math.max(0, Math.min(LONGEST_INTERVAL.toMillis(), worker.getReportIntervalMillis()));
    Instant reported = worker.getReportedAt();
    return reported.plusMillis(interval * MISSED_REPORTS).isBefore(now)
        || reported.isAfter(now.plus(CLOCKS_DIFFER));
  }
}
