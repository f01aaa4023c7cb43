package io.histoflow.topology.reports;

import java.time.Duration;
import java.util.Objects;

/**
 * When slides are reported.
 *
 * @param timeout time without a new tile or manifest after which an unfinished slide is reported as
 *     INCOMPLETE, 1 ms or more
 * @param updateDelay time for which changes to a reported slide are collected before it is reported
 *     again, 1 ms or more
 * @param retention time without a change after which a slide's tiles are forgotten, {@code timeout}
 *     or more; longer than tiles are kept, or one that is segmented again finds its slide forgotten
 */
public record ReportSettings(Duration timeout, Duration updateDelay, Duration retention) {

  /** Checks the ranges. */
  public ReportSettings {
    positive(timeout, "timeout");
    positive(updateDelay, "updateDelay");
    positive(retention, "retention");
    if (retention.compareTo(timeout) < 0) {
      throw new IllegalArgumentException(
          "reports: retention is " + retention + ", must be timeout (" + timeout + ") or more");
    }
  }

  /** Returns times for a running laboratory. */
  public static ReportSettings defaults() {
    return new ReportSettings(Duration.ofMinutes(10), Duration.ofSeconds(2), Duration.ofDays(30));
  }

  private static void positive(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative() || duration.toMillis() == 0) {
      throw new IllegalArgumentException(
          "reports: " + name + " is " + duration + ", must be 1 ms or more");
    }
  }
}
