package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.summaries.RouterNews;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
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

  private final StreamsBuilder builder;
  private final RoutingSettings settings;
  private final Contracts contracts;
  private final RoutingListener listener;

  /**
   * @param builder of the topology
   * @param settings what the operator decided
   * @param contracts reads and writes topics
   * @param listener hears what routing does
   */
  public RoutingPart(
      StreamsBuilder builder,
      RoutingSettings settings,
      Contracts contracts,
      RoutingListener listener) {
    this.builder = builder;
    this.settings = settings;
    this.contracts = contracts;
    this.listener = listener;
  }

  /**
   * Adds the routers, with the ledger that they write and the published thresholds that they read.
   *
   * @param mostTilesUntold tiles of an organ after which a router tells of them at the latest, 1 or
   *     more
   * @param partitionOf gives the partition that a router stands for, from that of its task; only a
   *     simulation whose tasks are all of partition 0 needs another one
   * @return what comes out of them besides alerts and tiles held back
   */
  public Routed route(int mostTilesUntold, IntUnaryOperator partitionOf) {
    builder.globalTable(
        Topics.ORGANS_THRESHOLDS.name(),
        Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("read-thresholds"),
        Materialized.<String, byte[]>as(Stores.inMemoryKeyValueStore(ORGAN_THRESHOLDS))
            .withKeySerde(Serdes.String())
            .withValueSerde(Serdes.ByteArray()));
    Deserializer<OrganThreshold> thresholds = contracts.deserializer(Topics.ORGANS_THRESHOLDS);
    builder
        .addStateStore(SlideTiles.store())
        .addStateStore(JournaledStates.store(ORGAN_SCORES))
        .addStateStore(inMemory(ALERTS_LAST_HOUR, AlertHour.serde()))
        .addStateStore(inMemory(SECOND_LOOKS, SecondLook.serde()));
    KStream<String, RouterOutput> routed =
        contracts
            .read(builder, Topics.TILES_SEGMENTED, "read-segmentations")
            .process(
                () -> new TileRouter(settings, mostTilesUntold, partitionOf, thresholds, listener),
                Named.as("route-tiles"),
                SlideTiles.STORE,
                ORGAN_SCORES,
                ALERTS_LAST_HOUR,
                SECOND_LOOKS);
    contracts.write(
        only(RouterOutput.Alert.class, RouterOutput.Alert::alert, "alerts", routed),
        Topics.TILES_REVIEW,
        "write-alerts");
    contracts.write(
        only(RouterOutput.HeldBack.class, RouterOutput.HeldBack::tile, "held-back", routed),
        Topics.TILES_HELD_BACK,
        "write-held-back");
    return new Routed(
        only(RouterOutput.ForReport.class, RouterOutput.ForReport::arrival, "tiles", routed),
        only(RouterOutput.Scores.class, RouterOutput.Scores::news, "scores", routed)
            .repartition(
                Repartitioned.<String, RouterNews>as(RouterNews.BY_ORGAN)
                    .withKeySerde(Serdes.String())
                    .withValueSerde(RouterNews.serde())));
  }

  /** Adds what merges the routers' summaries and publishes thresholds. */
  public void keepThresholds(KStream<String, RouterNews> summaries) {
    builder.addStateStore(JournaledStates.store(ORGAN_TOTALS));
    contracts.write(
        summaries.process(
            () -> new ThresholdKeeper(settings, listener),
            Named.as("keep-thresholds"),
            ORGAN_TOTALS),
        Topics.ORGANS_THRESHOLDS,
        "write-thresholds");
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> inMemory(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled();
  }

  private static <O extends RouterOutput, V> KStream<String, V> only(
      Class<O> kind, Function<O, V> content, String name, KStream<String, RouterOutput> routed) {
    return routed
        .filter((key, output) -> kind.isInstance(output), Named.as("only-" + name))
        .mapValues(output -> content.apply(kind.cast(output)), Named.as(name));
  }

  /**
   * What comes out of the routers.
   *
   * @param tiles every segmentation that came in, by slide
   * @param summaries what they saw of each organ, by organ
   */
  public record Routed(KStream<String, SlideEvent> tiles, KStream<String, RouterNews> summaries) {}
}
