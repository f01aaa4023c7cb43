package io.histoflow.topology;

import io.histoflow.topology.summaries.RouterNews;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;

/**
 * {@link RoutingTopology} in two halves, cut where summaries are repartitioned by organ: in
 * production each runs as one task for each partition. Kafka Streams' test driver runs one task
 * only, so a simulation of several partitions takes one driver for each and carries summaries and
 * thresholds between them. What measures recall is in neither half: it reads topics only.
 */
public final class TaskTopologies {
  private TaskTopologies() {}

  /**
   * Builds what runs for each partition of the segmentations: routers and reports. Summaries go to
   * {@link #summaries}; thresholds come from their topic.
   *
   * @param config as for {@link RoutingTopology#build}
   * @param partition the partition that the task stands for, 0 or more; to the test driver every
   *     task is of partition 0
   */
  public static Topology routers(
      TopologySettings settings, StreamsConfig config, TopologyListener listener, int partition) {
    RoutingTopology topology = new RoutingTopology(settings, config, listener);
    topology.report(topology.route(task -> partition), topology.corrections());
    return topology.builder().build();
  }

  /**
   * Builds what runs by organ: it merges the summaries of all routers into thresholds and watches
   * for drift.
   *
   * @param config as for {@link RoutingTopology#build}
   */
  public static Topology keepers(
      TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    RoutingTopology topology = new RoutingTopology(settings, config, listener);
    topology.keep(
        topology.builder().stream(
            summaries(config.getString(StreamsConfig.APPLICATION_ID_CONFIG)),
            Consumed.with(Serdes.String(), RouterNews.serde()).withName("read-summaries")));
    return topology.builder().build();
  }

  /**
   * Returns the topic that carries summaries from routers to keepers.
   *
   * @param applicationId of the configuration
   */
  public static String summaries(String applicationId) {
    return applicationId + "-" + RouterNews.BY_ORGAN + "-repartition";
  }

  /**
   * Returns a configuration for the test driver, which talks to neither brokers nor a registry; as
   * strict as production's: exactly once, every operator named. Its schema registry lies in memory
   * and is its own.
   *
   * @param applicationId starts the names of internal topics
   * @param stateDir folder of the state stores
   */
  public static Map<String, Object> unconnected(String applicationId, Path stateDir) {
    Map<String, Object> config = new HashMap<>();
    config.put("schema.registry.url", "mock://" + UUID.randomUUID());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    return config;
  }
}
