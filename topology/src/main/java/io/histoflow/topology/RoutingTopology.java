package io.histoflow.topology;

import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.drift.DriftPart;
import io.histoflow.topology.recall.RecallPart;
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
 *              \-- judged --&gt; judge-tiles -- by organ --&gt; keep-recall --&gt; recall.estimates, recall.alarms
 * tiles.review -- asked --/                                        \--&gt; keep-recall-of-all --/
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
  private final StreamsBuilder builder;
  private final TopologySettings settings;
  private final Contracts contracts;
  private final TopologyListener listener;
  private final RoutingPart routing;

  RoutingTopology(TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.contracts = new Contracts(config.originals());
    this.builder = new StreamsBuilder(new TopologyConfig(config));
    this.routing = new RoutingPart(builder, settings.routing(), contracts, listener);
  }

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
    RoutingTopology whole = new RoutingTopology(settings, config, listener);
    RoutingPart.Routed routed = whole.route(IntUnaryOperator.identity());
    whole.keep(routed.summaries());
    KStream<String, MaskCorrected> corrections = whole.corrections();
    whole.report(routed, corrections);
    whole.measure(corrections);
    return whole.builder.build();
  }

  /**
   * Builds routing without drift alarm and slide reports, which shows what these cost. It routes
   * each tile once, and forgets none: that is for the reports to do.
   *
   * @param config as {@link #build} takes it
   */
  public static Topology routingAlone(
      TopologySettings settings, StreamsConfig config, TopologyListener listener) {
    RoutingTopology alone = new RoutingTopology(settings, config, listener);
    alone.routing.keepThresholds(alone.route(IntUnaryOperator.identity()).summaries());
    return alone.builder.build();
  }

  StreamsBuilder builder() {
    return builder;
  }

  /** Adds what routes tiles, for each partition of the segmentations. */
  RoutingPart.Routed route(IntUnaryOperator partitionOf) {
    return routing.route(settings.mostTilesUntold(), partitionOf);
  }

  /** Adds what reports slides, for each partition of the segmentations. */
  void report(RoutingPart.Routed routed, KStream<String, MaskCorrected> corrections) {
    ReportPart.report(
        builder, routed.tiles(), corrections, settings.reports(), contracts, listener::onReport);
  }

  /** Reads verdicts, those that were deleted too. */
  KStream<String, MaskCorrected> corrections() {
    return contracts.read(builder, Topics.MASKS_CORRECTED, "read-corrections");
  }

  /** Adds what measures what is missed, for each partition of alerts and verdicts and by organ. */
  void measure(KStream<String, MaskCorrected> corrections) {
    RecallPart.measure(builder, corrections, settings.recall(), contracts, listener);
  }

  /** Adds what runs by organ. */
  void keep(KStream<String, RouterNews> summaries) {
    routing.keepThresholds(summaries);
    DriftPart.watch(builder, summaries, settings.drift(), contracts, listener::onDrift);
  }
}
