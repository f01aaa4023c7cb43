package io.histoflow.review.overview;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.Topics;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the overview in step with its topics. A record that cannot be read is logged and skipped:
 * the services that own these topics set it aside.
 */
public final class OverviewFollower implements AutoCloseable {
  private final List<Service> readers;

  /**
   * Makes the follower without starting it.
   *
   * @param clients makes the consumers
   * @param overview kept in step with the topics
   */
  public OverviewFollower(KafkaClients clients, Overview overview) {
    this.readers =
        List.of(
            new CompactedTopicReader<>(
                clients,
                Topics.SLIDES_REPORTED,
                record -> overview.slide(record.key(), Optional.ofNullable(record.value()))),
            new CompactedTopicReader<>(
                clients,
                Topics.ORGANS_THRESHOLDS,
                record -> overview.threshold(record.key(), Optional.ofNullable(record.value()))),
            new CompactedTopicReader<>(
                clients,
                Topics.DECODER_DECISIONS,
                record -> Optional.ofNullable(record.value()).ifPresent(overview::decision)),
            // These two are no compacted topics: all their events are read from the first on.
            new CompactedTopicReader<>(
                clients,
                Topics.DRIFT_ALARMS,
                record ->
                    Optional.ofNullable(record.value())
                        .ifPresent(alarm -> overview.drift(record.key(), alarm))),
            new CompactedTopicReader<>(
                clients,
                Topics.TILES_HELD_BACK,
                record -> Optional.ofNullable(record.value()).ifPresent(overview::heldBack)));
  }

  /** Starts following and returns when what is published at this moment is in the overview. */
  public void start() {
    readers.forEach(Service::start);
  }

  /** Returns why following ended, empty while it goes on. */
  public Optional<Throwable> failure() {
    return readers.stream()
        .filter(reader -> reader.state() == ServiceState.FAILED)
        .findFirst()
        .flatMap(Service::failure);
  }

  @Override
  public void close() {
    readers.forEach(Service::close);
  }
}
