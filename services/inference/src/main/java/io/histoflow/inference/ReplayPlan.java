package io.histoflow.inference;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
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
 * <p>Of a tile some {@value #BYTES_PER_TILE} bytes are kept, whatever its result is; a request for
 * more tiles than half of the heap has room for is refused.
 *
 * @param due tiles to segment again, by where their scanned records lie
 * @param skipped tiles that stand on these weights or newer ones
 */
record ReplayPlan(Map<TopicPartition, Map<Long, PastTile>> due, long skipped) {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int BYTES_PER_TILE = 250;

  /**
   * A tile and its newest result.
   *
   * @param tileId hash of its id
   * @param slideId its slide
   * @param partition where its scanned record lies
   * @param offset its offset there
   * @param modelVersion version of the weights of the newest result
   * @param positiveFraction positive fraction of the newest result, 0..1
   */
  record PastTile(
      TextHash tileId,
      String slideId,
      TopicPartition partition,
      long offset,
      long modelVersion,
      double positiveFraction) {

    private static PastTile newer(PastTile earlier, PastTile later) {
      return later.modelVersion >= earlier.modelVersion ? later : earlier;
    }
  }

  /** Returns the most tiles that a plan on this machine may hold. */
  static long mostTiles() {
    return Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_TILE;
  }

  /**
   * Reads the topic of results to its end. A tile without a result is not past yet: inference will
   * segment it, by the newest weights.
   *
   * @param clients makes the consumer
   * @param request which tiles are meant
   * @param modelVersion version of the weights in force
   * @throws ServiceException where there are more of them than a plan may hold
   */
  static ReplayPlan of(KafkaClients clients, ReplayRequest request, long modelVersion) {
    Newest newest = new Newest(mostTiles());
    try (Consumer<byte[], byte[]> consumer = clients.bytesConsumer(null, Map.of());
        Deserializer<TileSegmented> results = clients.deserializer(Topics.TILES_SEGMENTED)) {
      BoundedReader reader = BoundedReader.wholeTopic(consumer, Topics.TILES_SEGMENTED.name());
      while (!reader.isDone()) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          read(results, record).filter(request::includes).ifPresent(newest::add);
        }
      }
    }
    return newest.plan(modelVersion);
  }

  /** The newest result of each tile. */
  static final class Newest {
    private final long most;
    private final Map<TextHash, PastTile> tiles = new HashMap<>();
    // One object each: many tiles have the same.
    private final Map<String, String> slideIds = new HashMap<>();
    private final Map<TopicPartition, TopicPartition> partitions = new HashMap<>();

    Newest(long most) {
      this.most = most;
    }

    void add(TileSegmented result) {
      String slideId = slideIds.computeIfAbsent(result.getSlideId(), id -> id);
      TileLocation at = result.getTile();
      TopicPartition partition =
          partitions.computeIfAbsent(
              new TopicPartition(at.getTopic(), at.getPartition()), same -> same);
      tiles.merge(
          TextHash.of(slideId + '\0' + result.getTileId()),
          new PastTile(
              TextHash.of(result.getTileId()),
              slideId,
              partition,
              at.getOffset(),
              result.getModelVersion(),
              result.getPositiveFraction()),
          PastTile::newer);
      if (tiles.size() > most) {
        throw new ServiceException(
            "The replay is of more than "
                + most
                + " tiles, all that its memory has room for: name a slide, an organ or a time, or"
                + " set HISTOFLOW_JAVA_OPTS=-Xmx8g for more memory.");
      }
    }

    ReplayPlan plan(long modelVersion) {
      Map<TopicPartition, Map<Long, PastTile>> due = new HashMap<>();
      long skipped = 0;
      for (Iterator<PastTile> rest = tiles.values().iterator(); rest.hasNext(); ) {
        PastTile tile = rest.next();
        if (tile.modelVersion >= modelVersion) {
          skipped++;
        } else {
          due.computeIfAbsent(tile.partition, p -> new HashMap<>()).put(tile.offset, tile);
        }
        rest.remove();
      }
      return new ReplayPlan(due, skipped);
    }
  }

  /** Returns the number of tiles to segment again. */
  long size() {
    return due.values().stream().mapToLong(Map::size).sum();
  }

  /** Finds the tile that is due at a scanned record. */
  Optional<PastTile> find(ConsumerRecord<byte[], byte[]> scanned) {
    TopicPartition partition = Partitions.of(scanned);
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
