package io.histoflow.reporting;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the reporting service counts. Prometheus adds {@code _total} to counters. */
final class ReportingMetrics {
  /** Records of the topic, with the tag {@code outcome}: taken or rejected. */
  static final String RECORDS = "histoflow_reporting_records";

  /** Exports written. */
  static final String EXPORTS = "histoflow_reporting_exports";

  private final Counter taken;
  private final Counter rejected;
  private final Counter exports;

  ReportingMetrics(MeterRegistry registry) {
    this.taken = registry.counter(RECORDS, "outcome", "taken");
    this.rejected = registry.counter(RECORDS, "outcome", "rejected");
    this.exports = registry.counter(EXPORTS);
  }

  void took(int good, int bad) {
    taken.increment(good);
    rejected.increment(bad);
  }

  void exported() {
    exports.increment();
  }
}
