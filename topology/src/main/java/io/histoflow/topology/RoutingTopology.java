package io.histoflow.topology;

import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

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
 * <p>What grows with slides and tiles is kept on disk, about 150 bytes a tile; what grows with
 * organs only, in memory. Both are rebuilt from changelog topics.
 *
 * <p>Segmentations are keyed by slide, so the scores of an organ lie on all partitions. Each router
 * sends sketches of them, a few kilobytes however many tiles there were; whole records never pass
 * through one organ's partition.
 */
public final class RoutingTopology {
  static final String ORGAN_SCORES = "organ-scores";
  static final String ORGAN_TOTALS = "organ-totals";
  static final String ORGAN_DRIFT = "organ-drift";
  static final String ALERTS_LAST_HOUR = "alerts-last-hour";
  static final String ORGAN_THRESHOLDS = "organ-thresholds";
  static final String SECOND_LOOKS = "second-looks";
  static final String SLIDES = "slides";
  static final String SLIDES_DUE = "slides-due";
  static final String SLIDE_TILES = "slide-tiles";

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
      RoutingSettings settings, StreamsConfig config, RoutingListener listener) {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(listener, "listener");
    Map<String, Object> registry = config.originals();
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    builder.globalTable(
        Topics.ORGANS_THRESHOLDS.name(),
        Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("read-thresholds"),
        Materialized.<String, byte[]>as(Stores.inMemoryKeyValueStore(ORGAN_THRESHOLDS))
            .withKeySerde(Serdes.String())
            .withValueSerde(Serdes.ByteArray()));
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(SLIDE_TILES), Serdes.String(), TileEntry.serde()));

    KStream<String, RouterOutput> routed = route(builder, settings, registry, listener);
    KStream<String, ScoreSummary> summaries = summaries(routed);
    keepThresholds(summaries, settings, registry, listener);
    watchDrift(summaries, settings, registry, listener);
    reportSlides(builder, routed, settings, registry, listener);
    return builder.build();
  }

  private static KStream<String, RouterOutput> route(
      StreamsBuilder builder,
      RoutingSettings settings,
      Map<String, Object> registry,
      RoutingListener listener) {
    Deserializer<OrganThreshold> thresholdReader =
        AvroSerdes.of(Topics.ORGANS_THRESHOLDS, registry).deserializer();
    KStream<String, RouterOutput> routed =
        builder.stream(
                Topics.TILES_SEGMENTED.name(),
                consumed(Topics.TILES_SEGMENTED, registry, "read-segmentations"))
            .process(
                supplier(
                    () -> new TileRouter(settings, thresholdReader, listener),
                    // Its values are large and change with every tile: write them once per commit.
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(ORGAN_SCORES),
                            Serdes.String(),
                            OrganState.serde(settings.windowTiles()))
                        .withCachingEnabled(),
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(ALERTS_LAST_HOUR),
                            Serdes.String(),
                            AlertHour.serde())
                        .withCachingEnabled(),
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(SECOND_LOOKS),
                            Serdes.String(),
                            SecondLook.serde())
                        .withCachingEnabled()),
                Named.as("route-tiles"),
                SLIDE_TILES);
    routed
        .filter((tileId, output) -> output instanceof RouterOutput.Alert, Named.as("only-alerts"))
        .mapValues(output -> ((RouterOutput.Alert) output).alert(), Named.as("alerts"))
        .to(Topics.TILES_REVIEW.name(), produced(Topics.TILES_REVIEW, registry, "write-alerts"));
    routed
        .filter(
            (tileId, output) -> output instanceof RouterOutput.HeldBack, Named.as("only-held-back"))
        .mapValues(output -> ((RouterOutput.HeldBack) output).tile(), Named.as("held-back"))
        .to(
            Topics.TILES_HELD_BACK.name(),
            produced(Topics.TILES_HELD_BACK, registry, "write-held-back"));
    return routed;
  }

  private static KStream<String, ScoreSummary> summaries(KStream<String, RouterOutput> routed) {
    return routed
        .filter((organ, output) -> output instanceof RouterOutput.Scores, Named.as("only-scores"))
        .mapValues(output -> ((RouterOutput.Scores) output).summary(), Named.as("scores"))
        .repartition(
            Repartitioned.<String, ScoreSummary>as("organ-scores-by-organ")
                .withKeySerde(Serdes.String())
                .withValueSerde(ScoreSummary.serde()));
  }

  private static void keepThresholds(
      KStream<String, ScoreSummary> summaries,
      RoutingSettings settings,
      Map<String, Object> registry,
      RoutingListener listener) {
    summaries
        .process(
            supplier(
                () -> new ThresholdKeeper(settings, listener),
                Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(ORGAN_TOTALS),
                    Serdes.String(),
                    ThresholdKeeper.OrganTotal.serde(settings.windowTiles()))),
            Named.as("keep-thresholds"))
        .to(
            Topics.ORGANS_THRESHOLDS.name(),
            produced(Topics.ORGANS_THRESHOLDS, registry, "write-thresholds"));
  }

  private static void watchDrift(
      KStream<String, ScoreSummary> summaries,
      RoutingSettings settings,
      Map<String, Object> registry,
      RoutingListener listener) {
    summaries
        .process(
            supplier(
                () -> new DriftWatch(settings, listener),
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(ORGAN_DRIFT),
                        Serdes.String(),
                        DriftHistory.serde(settings.drift()))
                    .withCachingEnabled()),
            Named.as("watch-drift"))
        .to(
            Topics.DRIFT_ALARMS.name(),
            produced(Topics.DRIFT_ALARMS, registry, "write-drift-alarms"));
  }

  private static void reportSlides(
      StreamsBuilder builder,
      KStream<String, RouterOutput> routed,
      RoutingSettings settings,
      Map<String, Object> registry,
      RoutingListener listener) {
    KStream<String, SlideEvent> tiles =
        routed
            .filter(
                (slideId, output) -> output instanceof RouterOutput.ForReport,
                Named.as("only-tiles"))
            .mapValues(output -> ((RouterOutput.ForReport) output).arrival(), Named.as("tiles"));
    tiles
        .merge(manifests(builder, registry), Named.as("with-manifests"))
        .merge(verdicts(builder, registry), Named.as("with-verdicts"))
        .process(
            supplier(
                () -> new SlideReporter(settings, listener),
                Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(SLIDES), Serdes.String(), SlideState.serde()),
                Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(SLIDES_DUE), Serdes.String(), Serdes.Long())),
            Named.as("report-slides"),
            SLIDE_TILES)
        .to(
            Topics.SLIDES_REPORTED.name(),
            produced(Topics.SLIDES_REPORTED, registry, "write-reports"));
  }

  private static KStream<String, SlideEvent> manifests(
      StreamsBuilder builder, Map<String, Object> registry) {
    return builder.stream(
            Topics.SLIDES_SCANNED.name(),
            consumed(Topics.SLIDES_SCANNED, registry, "read-manifests"))
        .filter((slideId, manifest) -> manifest != null, Named.as("manifests-not-deleted"))
        .mapValues(
            (slideId, manifest) -> manifestArrived(slideId, manifest), Named.as("manifests"));
  }

  private static SlideEvent manifestArrived(String slideId, SlideScanned manifest) {
    InputCheck.check(slideId, manifest);
    return new SlideEvent.ManifestArrived(manifest);
  }

  /** Corrections carry images; only the ids of slide and tile are repartitioned. */
  private static KStream<String, SlideEvent> verdicts(
      StreamsBuilder builder, Map<String, Object> registry) {
    return builder.stream(
            Topics.MASKS_CORRECTED.name(),
            consumed(Topics.MASKS_CORRECTED, registry, "read-corrections"))
        .filter((tileId, correction) -> correction != null, Named.as("corrections-not-deleted"))
        .map((tileId, correction) -> verdict(correction), Named.as("verdicts"))
        .repartition(
            Repartitioned.<String, String>as("verdicts-by-slide")
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.String())
                .withNumberOfPartitions(Topics.TILES_SEGMENTED.partitions()))
        .mapValues(SlideEvent.ReviewClosed::new, Named.as("reviews-closed"));
  }

  private static KeyValue<String, String> verdict(MaskCorrected correction) {
    InputCheck.check(correction);
    return KeyValue.pair(correction.getSlideId(), correction.getTileId());
  }

  private static <V extends SpecificRecord> Consumed<String, V> consumed(
      TopicSpec<V> spec, Map<String, Object> registry, String name) {
    return Consumed.with(Serdes.String(), AvroSerdes.of(spec, registry)).withName(name);
  }

  private static <V extends SpecificRecord> Produced<String, V> produced(
      TopicSpec<V> spec, Map<String, Object> registry, String name) {
    return Produced.with(Serdes.String(), AvroSerdes.of(spec, registry)).withName(name);
  }

  private static <K, V, L, W> ProcessorSupplier<K, V, L, W> supplier(
      java.util.function.Supplier<Processor<K, V, L, W>> processor, StoreBuilder<?>... stores) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<K, V, L, W> get() {
        return processor.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(stores);
      }
    };
  }
}
