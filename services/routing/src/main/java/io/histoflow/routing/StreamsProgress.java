package io.histoflow.routing;

import io.histoflow.platform.kafka.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;

/**
 * Notices when the topology stands still: a partition with records left on which nothing is
 * committed although threads fail or hang, or an instance that does not get to run. What lies
 * between the last record and the end of a partition, the marks of transactions, is never committed
 * by itself; so records left say nothing while threads are well.
 */
final class StreamsProgress {
  /** What fails for good fails again within this time, however long the pauses have grown. */
  private static final Duration RECURS = Duration.ofSeconds(90);

  private static final String LAST_POLL = "last-poll-seconds-ago";

  private final Duration patience;
  private final InstantSource clock;
  private final PartitionProgress partitions;
  private Instant failedAt = Instant.MIN;
  private String failure = "";
  private Instant notRunningSince;

  StreamsProgress(Duration patience, InstantSource clock) {
    this.patience = patience;
    this.clock = clock;
    this.partitions = new PartitionProgress(patience, clock);
  }

  /** Takes note of a thread that failed. */
  synchronized void failed(String why) {
    failedAt = clock.instant();
    failure = why;
  }

  /** Looks at how far the topology is. */
  synchronized void look(KafkaStreams streams) {
    Instant now = clock.instant();
    if (streams.state() != KafkaStreams.State.RUNNING) {
      notRunningSince = notRunningSince == null ? now : notRunningSince;
      // What a partition that is not assigned just now had left stays known.
      return;
    }
    notRunningSince = null;
    boolean unwell = isUnwell(now, streams);
    Set<TopicPartition> own = new HashSet<>();
    for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
      for (TaskMetadata task : thread.activeTasks()) {
        task.committedOffsets()
            .forEach(
                (partition, committed) -> {
                  own.add(partition);
                  long end = task.endOffsets().getOrDefault(partition, -1L);
                  partitions.update(partition, Math.max(0, committed), unwell && end > committed);
                });
      }
    }
    if (!own.isEmpty()) {
      partitions.retain(own);
    }
  }

  /** Says what stands still; empty where nothing does. */
  synchronized Optional<String> standstill() {
    Instant now = clock.instant();
    Optional<String> partition = partitions.standstill();
    if (partition.isPresent()) {
      return partition.map(
          sentence -> failure.isEmpty() ? sentence : sentence + "; last failure: " + failure);
    }
    return notRunningSince == null || notRunningSince.plus(patience).isAfter(now)
        ? Optional.empty()
        : Optional.of(
            "It has not got to work since "
                + notRunningSince
                + (failure.isEmpty() ? "" : "; last failure: " + failure));
  }

  private boolean isUnwell(Instant now, KafkaStreams streams) {
    return failedAt.isAfter(now.minus(RECURS))
        || streams.metrics().entrySet().stream()
            .filter(metric -> metric.getKey().name().equals(LAST_POLL))
            .anyMatch(
                metric ->
                    metric.getValue().metricValue() instanceof Number seconds
                        && seconds.longValue() >= patience.toSeconds());
  }
}
