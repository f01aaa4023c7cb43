package io.histoflow.topology;

import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.reports.ReportPart;
import io.histoflow.topology.routing.RoutingPart;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.summaries.RouterNews;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;

/**
 * {@link RoutingTopology} in two halves, cut where summaries are repartitioned by organ: in
 * production each runs as one task for each partition. Kafka Streams' test driver runs one task
 * only, so a simulation of several partitions takes one driver for each and carries summaries and
 * thresholds between them.
 */
public final class TaskTopologies {
  private TaskTopologies() {}

  /**
   * Builds what runs for each partition of the segmentations: routers and reports. Summaries go to
   * {@link #summaries}; thresholds come from their topic.
   *
   * @param settings what the operator decided
   * @param config as for {@link RoutingTopology#build}
   * @param listener hears what the routers do
   * @param partition the partition that the task stands for, 0 or more; to the test driver every
   *     task is of partition 0
   */
  public static Topology routers(
      TopologySettings settings, StreamsConfig config, TopologyListener listener, int partition) {
    Contracts contracts = new Contracts(config.originals());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    builder.addStateStore(SlideTiles.store());
    RoutingPart.Routed routed =
        new RoutingPart(settings.routing(), contracts, listener)
            .route(builder, settings.mostTilesUntold(), task -> partition);
    ReportPart.report(builder, routed.tiles(), settings.reports(), contracts, listener::onReport);
    return builder.build();
  }

  /**
   * Builds what runs by organ: it merges the summaries of all routers into thresholds and watches
   * for drift.
   *
   * @param settings what the operator decided
   * @param config as for {@link RoutingTopology#build}
   * @param listener hears of thresholds and drift
   */
  public static Topology keepers(
      TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    Contracts contracts = new Contracts(config.originals());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    RoutingTopology.addKeepers(
        builder.stream(
            summaries(config.getString(StreamsConfig.APPLICATION_ID_CONFIG)),
            Consumed.with(Serdes.String(), RouterNews.serde()).withName("read-summaries")),
        settings,
        contracts,
        listener);
    return builder.build();
  }

  /**
   * Returns the topic that carries summaries from routers to keepers.
   *
   * @param applicationId of the configuration
   */
  public static String summaries(String applicationId) {
    return applicationId + "-" + RouterNews.BY_ORGAN + "-repartition";
  }
}
