package io.histoflow.launcher;

import io.histoflow.inference.ReplayRequest;
import io.histoflow.inference.ReplaySummary;
import io.histoflow.launcher.stack.RoutingProgress;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Counts the alerts that a replay raises. Made before the replay, asked after it. */
final class ReplayAlerts implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Further back than the control records of the last transactions. */
  private static final long LAST_RECORDS = 100;

  private final KafkaClients clients;
  private final Consumer<String, ReviewRequested> alerts;

  /** Remembers where the topic of alerts ends now. */
  ReplayAlerts(KafkaClients clients) {
    this.clients = clients;
    this.alerts = clients.consumer(Topics.TILES_REVIEW, null, Map.of());
    List<TopicPartition> partitions = partitions(alerts, Topics.TILES_REVIEW.name());
    alerts.assign(partitions);
    alerts.endOffsets(partitions).forEach(alerts::seek);
  }

  /**
   * Waits until routing has seen every result and counts.
   *
   * @param request which tiles were replayed
   * @param replay what came of it
   * @param patience how long to wait for routing
   * @return distinct tiles; empty where routing does not get there in time
   */
  OptionalLong raised(ReplayRequest request, ReplaySummary replay, Duration patience)
      throws InterruptedException {
    if (replay.tilesReplayed() == 0) {
      return OptionalLong.of(0);
    }
    if (!routingHasSeen(lastResults(), patience)) {
      return OptionalLong.empty();
    }
    Set<String> tiles = new HashSet<>();
    readToEnd(
        alerts,
        (partition, record) -> {
          if (record.value() != null) {
            TileSegmented tile = record.value().getSegmentation();
            if (tile.getReplayed()
                && tile.getModelVersion() == replay.modelVersion()
                && request.includes(tile)) {
              tiles.add(record.key());
            }
          }
        });
    return OptionalLong.of(tiles.size());
  }

  @Override
  public void close() {
    alerts.close();
  }

  /** Returns for each partition the offset after its last result; control records have offsets. */
  private Map<TopicPartition, Long> lastResults() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (Consumer<byte[], byte[]> results = clients.bytesConsumer(null, Map.of())) {
      List<TopicPartition> partitions = partitions(results, Topics.TILES_SEGMENTED.name());
      results.assign(partitions);
      results
          .endOffsets(partitions)
          .forEach((partition, end) -> results.seek(partition, Math.max(0, end - LAST_RECORDS)));
      readToEnd(results, (partition, record) -> ends.put(partition, record.offset() + 1));
    }
    return ends;
  }

  private boolean routingHasSeen(Map<TopicPartition, Long> ends, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (Admin admin = clients.admin()) {
      RoutingProgress routing = new RoutingProgress(admin);
      while (!routing.hasReached(ends)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(POLL.toMillis());
      }
      return true;
    }
  }

  private static <K, V> void readToEnd(
      Consumer<K, V> consumer, BiConsumer<TopicPartition, ConsumerRecord<K, V>> each) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer
          .poll(POLL)
          .forEach(
              record ->
                  each.accept(new TopicPartition(record.topic(), record.partition()), record));
    }
  }

  private static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }
}
