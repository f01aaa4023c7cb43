package io.histoflow.topology.reports;

import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.ledger.InputCheck;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.streams.ProcessorWithStores;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/** Adds slide reports to a topology: {@code report-slides}, which writes the ledger. */
public final class ReportPart {
  static final String SLIDES = "slides";
  static final String SLIDES_DUE = "slides-due";

  private ReportPart() {}

  /**
   * Adds what reports slides. It writes the ledger, whose store the topology has to have.
   *
   * @param builder of the topology
   * @param tiles segmentations as routing passes them on, by slide
   * @param settings when slides are reported
   * @param contracts reads manifests and corrections, writes reports
   * @param listener hears each report, on the topology's threads
   */
  public static void report(
      StreamsBuilder builder,
      KStream<String, SlideEvent> tiles,
      ReportSettings settings,
      Contracts contracts,
      Consumer<SlideReport> listener) {
    tiles
        .merge(manifests(builder, contracts), Named.as("with-manifests"))
        .merge(verdicts(builder, contracts), Named.as("with-verdicts"))
        .process(
            new ProcessorWithStores<>(
                () -> new SlideReporter(settings, listener),
                // Every tile changes its slide: caching writes it once per commit.
                Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(SLIDES), Serdes.String(), SlideState.serde())
                    .withCachingEnabled(),
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(SLIDES_DUE), Serdes.String(), Serdes.Long())
                    .withCachingEnabled()),
            Named.as("report-slides"),
            SlideTiles.STORE)
        .to(
            Topics.SLIDES_REPORTED.name(),
            contracts.produced(Topics.SLIDES_REPORTED, "write-reports"));
  }

  private static KStream<String, SlideEvent> manifests(
      StreamsBuilder builder, Contracts contracts) {
    return builder.stream(
            Topics.SLIDES_SCANNED.name(),
            contracts.consumed(Topics.SLIDES_SCANNED, "read-manifests"))
        .filter((slideId, manifest) -> manifest != null, Named.as("manifests-not-deleted"))
        .mapValues(
            (slideId, manifest) -> manifestArrived(slideId, manifest), Named.as("manifests"));
  }

  private static SlideEvent manifestArrived(String slideId, SlideScanned manifest) {
    InputCheck.check(slideId, manifest);
    return new SlideEvent.ManifestArrived(manifest);
  }

  /** Corrections carry images; only the ids of slide and tile are repartitioned. */
  private static KStream<String, SlideEvent> verdicts(StreamsBuilder builder, Contracts contracts) {
    return builder.stream(
            Topics.MASKS_CORRECTED.name(),
            contracts.consumed(Topics.MASKS_CORRECTED, "read-corrections"))
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
}
