package io.histoflow.topology;

import io.histoflow.topology.drift.DriftPart;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.reports.ReportPart;
import io.histoflow.topology.routing.RoutingPart;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.summaries.RouterNews;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.KStream;

/**
 * Routing and slide reports as one topology.
 *
 * <pre>
 * tiles.segmented --&gt; route-tiles --&gt; tiles.review, tiles.held-back
 *                         |  \-- scores (repartitioned by organ) --&gt; keep-thresholds --&gt; organs.thresholds
 *                         |                               |      (read back by every route-tiles)
 *                         |                               \------&gt; watch-drift --&gt; drift.alarms
 *                         \-- tiles ----\
 * slides.scanned --------- manifests ----+--&gt; report-slides --&gt; slides.reported
 * masks.corrected -- verdicts by slide --/
 * </pre>
 *
 * <p>What grows with slides and tiles is kept on disk, about 170 bytes a tile until its slide is
 * forgotten; what grows with organs only, in memory. Both are rebuilt from changelog topics.
 *
 * <p>Segmentations are keyed by slide, so the scores of an organ lie on all partitions. Each router
 * sends sketches of them, a few kilobytes however many tiles there were; whole records never pass
 * through one organ's partition.
 */
public final class RoutingTopology {
  private RoutingTopology() {}

  /**
   * Builds the topology.
   *
   * @param settings what the operator decided
   * @param config configuration of Kafka Streams, with the standard keys of the schema registry
   *     ({@code schema.registry.url}, {@code basic.auth.*})
   * @param listener hears what the topology does
   */
  public static Topology build(
      TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    Contracts contracts = new Contracts(config.originals());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    RoutingPart.Routed routed = route(builder, settings, contracts, listener);
    addKeepers(routed.summaries(), settings, contracts, listener);
    ReportPart.report(builder, routed.tiles(), settings.reports(), contracts, listener::onReport);
    return builder.build();
  }

  /**
   * Builds routing without drift alarm and slide reports, which shows what these cost.
   *
   * @param settings what the operator decided
   * @param config as {@link #build} takes it
   * @param listener hears what the topology does
   */
  public static Topology routingAlone(
      TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    Contracts contracts = new Contracts(config.originals());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    RoutingPart.Routed routed = route(builder, settings, contracts, listener);
    new RoutingPart(settings.routing(), contracts, listener).keepThresholds(routed.summaries());
    return builder.build();
  }

  private static RoutingPart.Routed route(
      StreamsBuilder builder,
      TopologySettings settings,
      Contracts contracts,
      TopologyListener listener) {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(listener, "listener");
    builder.addStateStore(SlideTiles.store());
    return new RoutingPart(settings.routing(), contracts, listener)
        .route(builder, settings.mostTilesUntold(), IntUnaryOperator.identity());
  }

  /** Adds what runs by organ. */
  static void addKeepers(
      KStream<String, RouterNews> summaries,
      TopologySettings settings,
      Contracts contracts,
      TopologyListener listener) {
    new RoutingPart(settings.routing(), contracts, listener).keepThresholds(summaries);
    DriftPart.watch(summaries, settings.drift(), contracts, listener::onDrift);
  }
}
