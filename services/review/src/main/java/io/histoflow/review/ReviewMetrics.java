package io.histoflow.review;

import io.histoflow.review.queue.AlertQueue;
import io.histoflow.schemas.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What the review service counts. Prometheus adds {@code _total} to counters. */
final class ReviewMetrics {
  static final String OPEN_ALERTS = "histoflow_review_open_alerts";
  static final String QUEUE_FULL = "histoflow_review_queue_full";
  static final String UNUSABLE_ALERTS = "histoflow_review_unusable_alerts";

  /** Verdicts published, with the tag {@code verdict}. */
  static final String VERDICTS = "histoflow_review_verdicts";

  private final MeterRegistry registry;
  private final Counter unusable;

  ReviewMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.unusable =
        Counter.builder(UNUSABLE_ALERTS)
            .description("Alerts that nobody can review, sent to the dead-letter topic")
            .register(registry);
  }

  void watch(AlertQueue queue) {
    Gauge.builder(OPEN_ALERTS, queue, AlertQueue::size)
        .description("Alerts in the queue")
        .register(registry);
    Gauge.builder(QUEUE_FULL, queue, watched -> watched.hasLeftOut() ? 1 : 0)
        .description("1 where more alerts are open than the queue holds")
        .register(registry);
  }

  void published(Verdict verdict) {
    registry.counter(VERDICTS, "verdict", verdict.name().toLowerCase(Locale.ROOT)).increment();
  }

  void setAside() {
    unusable.increment();
  }
}
