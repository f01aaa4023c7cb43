package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.streams.ProcessorWithStores;
import io.histoflow.topology.summaries.RouterNews;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Adds routing to a topology: {@code route-tiles} for each partition of the segmentations, and
 * {@code keep-thresholds} by organ, which merges what all of them tell.
 */
public final class RoutingPart {
  static final String ORGAN_SCORES = "organ-scores";
  static final String ORGAN_TOTALS = "organ-totals";
  static final String ALERTS_LAST_HOUR = "alerts-last-hour";
  static final String ORGAN_THRESHOLDS = "organ-thresholds";
  static final String SECOND_LOOKS = "second-looks";

  private final RoutingSettings settings;
  private final Contracts contracts;
  private final RoutingListener listener;

  /**
   * @param settings what the operator decided
   * @param contracts reads and writes topics
   * @param listener hears what routing does
   */
  public RoutingPart(RoutingSettings settings, Contracts contracts, RoutingListener listener) {
    this.settings = settings;
    this.contracts = contracts;
    this.listener = listener;
  }

  /**
   * Adds the routers. They read the ledger, whose store the topology has to have, and the published
   * thresholds.
   *
   * @param builder of the topology
   * @param mostTilesUntold tiles of an organ after which a router tells of them at the latest, 1 or
   *     more
   * @param partitionOf gives the partition that a router stands for, from that of its task; only a
   *     simulation whose tasks are all of partition 0 needs another one
   * @return what comes out of them besides alerts and tiles held back
   */
  public Routed route(StreamsBuilder builder, int mostTilesUntold, IntUnaryOperator partitionOf) {
    builder.globalTable(
        Topics.ORGANS_THRESHOLDS.name(),
        Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("read-thresholds"),
        Materialized.<String, byte[]>as(Stores.inMemoryKeyValueStore(ORGAN_THRESHOLDS))
            .withKeySerde(Serdes.String())
            .withValueSerde(Serdes.ByteArray()));
    Deserializer<OrganThreshold> thresholds = contracts.deserializer(Topics.ORGANS_THRESHOLDS);
    KStream<String, RouterOutput> routed =
        builder.stream(
                Topics.TILES_SEGMENTED.name(),
                contracts.consumed(Topics.TILES_SEGMENTED, "read-segmentations"))
            .process(
                new ProcessorWithStores<>(
                    () ->
                        new TileRouter(
                            settings, mostTilesUntold, partitionOf, thresholds, listener),
                    JournaledStates.store(ORGAN_SCORES),
                    alertsLastHour(),
                    secondLooks()),
                Named.as("route-tiles"),
                SlideTiles.STORE);
    writeAlerts(routed);
    writeHeldBack(routed);
    return new Routed(tiles(routed), summaries(routed));
  }

  /** Adds what merges the routers' summaries and publishes thresholds. */
  public void keepThresholds(KStream<String, RouterNews> summaries) {
    summaries
        .process(
            new ProcessorWithStores<>(
                () -> new ThresholdKeeper(settings, listener), JournaledStates.store(ORGAN_TOTALS)),
            Named.as("keep-thresholds"))
        .to(
            Topics.ORGANS_THRESHOLDS.name(),
            contracts.produced(Topics.ORGANS_THRESHOLDS, "write-thresholds"));
  }

  private static StoreBuilder<KeyValueStore<String, AlertHour>> alertsLastHour() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(ALERTS_LAST_HOUR), Serdes.String(), AlertHour.serde())
        .withCachingEnabled();
  }

  private static StoreBuilder<KeyValueStore<String, SecondLook.Count>> secondLooks() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(SECOND_LOOKS), Serdes.String(), SecondLook.serde())
        .withCachingEnabled();
  }

  private void writeAlerts(KStream<String, RouterOutput> routed) {
    routed
        .filter((tileId, output) -> output instanceof RouterOutput.Alert, Named.as("only-alerts"))
        .mapValues(output -> ((RouterOutput.Alert) output).alert(), Named.as("alerts"))
        .to(Topics.TILES_REVIEW.name(), contracts.produced(Topics.TILES_REVIEW, "write-alerts"));
  }

  private void writeHeldBack(KStream<String, RouterOutput> routed) {
    routed
        .filter(
            (tileId, output) -> output instanceof RouterOutput.HeldBack, Named.as("only-held-back"))
        .mapValues(output -> ((RouterOutput.HeldBack) output).tile(), Named.as("held-back"))
        .to(
            Topics.TILES_HELD_BACK.name(),
            contracts.produced(Topics.TILES_HELD_BACK, "write-held-back"));
  }

  private static KStream<String, SlideEvent> tiles(KStream<String, RouterOutput> routed) {
    return routed
        .filter(
            (slideId, output) -> output instanceof RouterOutput.ForReport, Named.as("only-tiles"))
        .mapValues(output -> ((RouterOutput.ForReport) output).arrival(), Named.as("tiles"));
  }

  private static KStream<String, RouterNews> summaries(KStream<String, RouterOutput> routed) {
    return routed
        .filter((organ, output) -> output instanceof RouterOutput.Scores, Named.as("only-scores"))
        .mapValues(output -> ((RouterOutput.Scores) output).news(), Named.as("scores"))
        .repartition(
            Repartitioned.<String, RouterNews>as(RouterNews.BY_ORGAN)
                .withKeySerde(Serdes.String())
                .withValueSerde(RouterNews.serde()));
  }

  /**
   * What comes out of the routers.
   *
   * @param tiles every segmentation that came in, by slide
   * @param summaries what they saw of each organ, by organ
   */
  public record Routed(KStream<String, SlideEvent> tiles, KStream<String, RouterNews> summaries) {}
}
