package io.histoflow.review.queue;

import io.histoflow.review.kafka.RecordPosition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An alert that was closed lately.
 *
 * @param upTo up to where the tile's alerts are closed; a tombstone shows later than the verdict is
 *     committed
 * @param at when it was closed
 * @param alert the alert; empty where this service has not seen it open
 */
public record ClosedAlert(RecordPosition upTo, Instant at, Optional<Alert> alert) {

  public ClosedAlert {
    Objects.requireNonNull(upTo, "upTo");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(alert, "alert");
  }
}
