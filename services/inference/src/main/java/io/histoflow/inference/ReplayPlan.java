package io.histoflow.inference;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What a replay has to do: of each past tile the newest result is looked up on the topic of
 * results, and where it is older than the weights in force the tile is due. The log itself is the
 * replay's memory: one that was interrupted goes on where it ended when it is run again.
 *
 * @param due tiles to segment again, by where their scanned records lie
 * @param skipped tiles that stand on these weights or newer ones
 */
record ReplayPlan(Map<TopicPartition, Map<Long, PastTile>> due, long skipped) {
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * A tile and its newest result.
   *
   * @param tileId the tile
   * @param slideId its slide
   * @param location where its scanned record lies
   * @param modelVersion version of the weights of the newest result
   * @param positiveFraction positive fraction of the newest result, 0..1
   */
  record PastTile(
      String tileId,
      String slideId,
      TileLocation location,
      long modelVersion,
      double positiveFraction) {
    private static PastTile of(TileSegmented result) {
      return new PastTile(
          result.getTileId(),
          result.getSlideId(),
          result.getTile(),
          result.getModelVersion(),
          result.getPositiveFraction());
    }

    private static PastTile newer(PastTile earlier, PastTile later) {
      return later.modelVersion >= earlier.modelVersion ? later : earlier;
    }
  }

  /**
   * Reads the topic of results to its end. A tile without a result is not past yet: inference will
   * segment it, by the newest weights.
   *
   * @param clients makes the consumer
   * @param request which tiles are meant
   * @param modelVersion version of the weights in force
   */
  static ReplayPlan of(KafkaClients clients, ReplayRequest request, long modelVersion) {
    Map<String, PastTile> newest = new HashMap<>();
    try (Consumer<byte[], byte[]> consumer = clients.bytesConsumer(null, Map.of());
        Deserializer<TileSegmented> results = clients.deserializer(Topics.TILES_SEGMENTED)) {
      BoundedReader reader = BoundedReader.wholeTopic(consumer, Topics.TILES_SEGMENTED.name());
      while (!reader.isDone()) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          read(results, record)
              .filter(request::includes)
              .map(PastTile::of)
              .ifPresent(
                  tile -> newest.merge(tile.slideId + '\0' + tile.tileId, tile, PastTile::newer));
        }
      }
    }
    return of(newest, modelVersion);
  }

  private static ReplayPlan of(Map<String, PastTile> newest, long modelVersion) {
    Map<TopicPartition, Map<Long, PastTile>> due = new HashMap<>();
    long skipped = 0;
    for (PastTile tile : newest.values()) {
      if (tile.modelVersion >= modelVersion) {
        skipped++;
      } else {
        TileLocation at = tile.location;
        due.computeIfAbsent(
                new TopicPartition(at.getTopic(), at.getPartition()), p -> new HashMap<>())
            .put(at.getOffset(), tile);
      }
    }
    return new ReplayPlan(due, skipped);
  }

  /** Returns the number of tiles to segment again. */
  long size() {
    return due.values().stream().mapToLong(Map::size).sum();
  }

  /** Finds the tile that is due at a scanned record. */
  Optional<PastTile> find(ConsumerRecord<byte[], byte[]> scanned) {
    TopicPartition partition = new TopicPartition(scanned.topic(), scanned.partition());
    return Optional.ofNullable(due.getOrDefault(partition, Map.of()).get(scanned.offset()));
  }

  /** Routing refuses what is no result; here it is passed over. */
  private static Optional<TileSegmented> read(
      Deserializer<TileSegmented> results, ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.ofNullable(results.deserialize(record.topic(), record.value()));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }
}
