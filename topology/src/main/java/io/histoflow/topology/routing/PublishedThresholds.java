package io.histoflow.topology.routing;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.OrganPartition;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published thresholds as a router sees them. The global store holds their bytes: they are read
 * when a tile asks for them, once per version, and on a thread that can be replaced when the schema
 * registry is down.
 */
final class PublishedThresholds {
  private static final Logger log = LoggerFactory.getLogger(PublishedThresholds.class);

  private final ReadOnlyKeyValueStore<String, ValueAndTimestamp<byte[]>> store;
  private final Deserializer<OrganThreshold> deserializer;
  private final Map<String, Version> latest = new HashMap<>();

  PublishedThresholds(
      ReadOnlyKeyValueStore<String, ValueAndTimestamp<byte[]>> store,
      Deserializer<OrganThreshold> deserializer) {
    this.store = store;
    this.deserializer = deserializer;
  }

  /**
   * Finds what is known of an organ over all partitions.
   *
   * @return what is published; empty where nothing is, or nothing that can be read
   * @throws io.histoflow.schemas.RegistryUnavailableException where the registry could not be asked
   */
  Optional<Published> find(String organ) {
    ValueAndTimestamp<byte[]> stored = store.get(organ);
    if (stored == null) {
      latest.remove(organ);
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(stored.value());
    Version version = latest.get(organ);
    if (version == null || !version.bytes.equals(bytes)) {
      version = new Version(bytes, read(organ, stored.value()));
      latest.put(organ, version);
    }
    return version.published;
  }

  private Optional<Published> read(String organ, byte[] bytes) {
    try {
      OrganThreshold threshold = deserializer.deserialize(Topics.ORGANS_THRESHOLDS.name(), bytes);
      return Optional.ofNullable(threshold.getSketch())
          .flatMap(sketch -> ScoreDistribution.fromBytes(Utils.toArray(sketch)))
          .map(
              scores ->
                  new Published(
                      threshold.getRoutingScoreName(),
                      threshold.getTilesSeen(),
                      scores,
                      threshold.getForgotten(),
                      threshold.getPartitions()));
    } catch (MalformedRecordException e) {
      log.atWarn()
          .addKeyValue("organ", organ)
          .addKeyValue("topic", Topics.ORGANS_THRESHOLDS.name())
          .log("A published threshold is not used: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * An organ over all partitions.
   *
   * @param scoreName which score they are
   * @param tilesSeen distinct tiles of the organ when they were published
   * @param scores their distribution
   * @param forgotten what was forgotten of its budget's account, in alerts
   * @param routers what each partition's router had told of it by then; none where that is not
   *     published
   */
  record Published(
      String scoreName,
      long tilesSeen,
      ScoreDistribution scores,
      double forgotten,
      List<OrganPartition> routers) {
    Published {
      routers = List.copyOf(routers);
    }
  }

  private record Version(ByteBuffer bytes, Optional<Published> published) {}
}
