package io.histoflow.topology.recall;

import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.streams.Contracts;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Adds the measurement of recall to a topology: {@code judge-tiles} by tile, {@code keep-recall} by
 * organ, {@code keep-recall-of-all} for all organs together.
 */
public final class RecallPart {
  static final String TILES = "recall-tiles";
  static final String SLIDES = "recall-slides";
  static final String GROUPS = "recall-groups";
  static final String VERSIONS = "recall-versions";

  private RecallPart() {}

  /**
   * Adds what brings alerts and verdicts together and estimates what is missed.
   *
   * @param builder of the topology
   * @param corrections verdicts, by tile
   * @param settings what the operator decided
   * @param contracts reads alerts, writes estimates and alarms
   * @param listener hears each of them, on the topology's threads
   */
  public static void measure(
      StreamsBuilder builder,
      KStream<String, MaskCorrected> corrections,
      RecallSettings settings,
      Contracts contracts,
      RecallListener listener) {
    builder
        .addStateStore(onDisk(TILES, TileCase.serde()))
        .addStateStore(onDisk(SLIDES, SlideCase.serde()))
        .addStateStore(inMemory(GROUPS, GroupCase.serde()))
        .addStateStore(inMemory(VERSIONS, SiteCase.serde(settings.level())));
    KStream<String, TileEvent> verdicts =
        corrections.mapValues(
            verdict -> new TileEvent.Judged(Optional.ofNullable(verdict)), Named.as("judged"));
    KStream<String, TileEvent> readAgain =
        contracts
            .read(builder, Topics.MASKS_OPINIONS, "read-opinions")
            .filter(
                (tileId, opinion) -> opinion != null && opinion.getSecondReading(),
                Named.as("only-second-readings"))
            .mapValues(opinion -> new TileEvent.ReadAgain(opinion), Named.as("read-again"));
    KStream<String, RecallOutput> measured =
        contracts
            .read(builder, Topics.TILES_REVIEW, "read-alerts")
            .filter(
                (tileId, alert) -> alert != null && alert.getInclusionProbability() != null,
                Named.as("alerts-that-stand-for-others"))
            .mapValues(alert -> (TileEvent) new TileEvent.Asked(alert), Named.as("asked"))
            .merge(verdicts, Named.as("with-judged"))
            .merge(readAgain, Named.as("with-read-again"))
            .process(() -> new TileJudge(settings), Named.as("judge-tiles"), TILES)
            .repartition(
                Repartitioned.<String, RecallChange>as(RecallChange.BY_ORGAN)
                    .withKeySerde(Serdes.String())
                    .withValueSerde(RecallChange.serde())
                    .withNumberOfPartitions(Topics.TILES_SEGMENTED.partitions()))
            .process(
                () -> new RecallKeeper(settings, listener),
                Named.as("keep-recall"),
                SLIDES,
                GROUPS);
    contracts.write(
        measured
            .filter((key, out) -> out instanceof RecallOutput.Estimate, Named.as("only-estimates"))
            .mapValues(out -> ((RecallOutput.Estimate) out).estimate(), Named.as("estimates")),
        Topics.RECALL_ESTIMATES,
        "write-estimates");
    contracts.write(
        measured
            .filter((key, out) -> out instanceof RecallOutput.Alarm, Named.as("only-recall-alarms"))
            .mapValues(out -> ((RecallOutput.Alarm) out).alarm(), Named.as("recall-alarms")),
        Topics.RECALL_ALARMS,
        "write-recall-alarms");
    contracts.write(
        measured
            .filter((key, out) -> out instanceof RecallOutput.Settled, Named.as("only-settled"))
            .mapValues(out -> (RecallOutput.Settled) out, Named.as("settled"))
            .repartition(
                Repartitioned.<String, RecallOutput.Settled>as(RecallOutput.Settled.OF_ALL_ORGANS)
                    .withKeySerde(Serdes.String())
                    .withValueSerde(RecallOutput.Settled.serde())
                    .withNumberOfPartitions(1))
            .process(
                () -> new SiteKeeper(settings, listener), Named.as("keep-recall-of-all"), VERSIONS),
        Topics.RECALL_ALARMS,
        "write-recall-alarms-of-all");
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> inMemory(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled();
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> onDisk(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingDisabled();
  }
}
