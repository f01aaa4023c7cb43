package io.histoflow.topology.reports;

import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.ledger.InputCheck;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.streams.Contracts;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/** Adds slide reports to a topology: {@code report-slides}. */
public final class ReportPart {
  static final String SLIDES = "slides";
  static final String SLIDES_DUE = "slides-due";

  private ReportPart() {}

  /**
   * Adds what reports slides. It adds verdicts to the ledger, which routing brings, and forgets.
   *
   * @param builder of the topology
   * @param tiles segmentations as routing passes them on, by slide
   * @param corrections verdicts, by tile
   * @param settings when slides are reported
   * @param contracts reads manifests, writes reports
   * @param listener hears each report, on the topology's threads
   */
  public static void report(
      StreamsBuilder builder,
      KStream<String, SlideEvent> tiles,
      KStream<String, MaskCorrected> corrections,
      ReportSettings settings,
      Contracts contracts,
      Consumer<SlideReport> listener) {
    // Every tile changes its slide: caching writes it once per commit.
    builder
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(SLIDES), Serdes.String(), SlideState.serde())
                .withCachingEnabled())
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(SLIDES_DUE), Serdes.String(), Serdes.Long())
                .withCachingEnabled());
    KStream<String, ReportOutput> reported =
        tiles
            .merge(manifests(builder, contracts), Named.as("with-manifests"))
            .merge(verdicts(corrections), Named.as("with-verdicts"))
            .process(
                () -> new SlideReporter(settings, listener),
                Named.as("report-slides"),
                SlideTiles.STORE,
                SLIDES,
                SLIDES_DUE);
    // A slide that was taken out gets a tombstone.
    contracts.write(
        reported
            .filter((key, out) -> out instanceof ReportOutput.Report, Named.as("only-reports"))
            .mapValues(
                out -> ((ReportOutput.Report) out).report().orElse(null), Named.as("reports")),
        Topics.SLIDES_REPORTED,
        "write-reports");
    contracts.write(
        reported
            .filter(
                (key, out) -> out instanceof ReportOutput.AlertClosed,
                Named.as("only-alerts-closed"))
            .mapValues(out -> (ReviewRequested) null, Named.as("alerts-closed")),
        Topics.TILES_REVIEW,
        "close-alerts");
  }

  private static KStream<String, SlideEvent> manifests(
      StreamsBuilder builder, Contracts contracts) {
    return contracts
        .read(builder, Topics.SLIDES_SCANNED, "read-manifests")
        .mapValues(ReportPart::onManifest, Named.as("manifests"));
  }

  private static SlideEvent onManifest(String slideId, SlideScanned manifest) {
    if (manifest == null) {
      InputCheck.checkRemoved(slideId);
      return new SlideEvent.SlideRemoved();
    }
    return new SlideEvent.ManifestArrived(InputCheck.check(slideId, manifest));
  }

  /** Corrections carry images; only the ids of slide and tile are repartitioned. */
  private static KStream<String, SlideEvent> verdicts(KStream<String, MaskCorrected> corrections) {
    return corrections
        .filter((tileId, correction) -> correction != null, Named.as("corrections-not-deleted"))
        .map(ReportPart::verdict, Named.as("verdicts"))
        .repartition(
            Repartitioned.<String, String>as("verdicts-by-slide")
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.String())
                .withNumberOfPartitions(Topics.TILES_SEGMENTED.partitions()))
        .mapValues(SlideEvent.ReviewClosed::new, Named.as("reviews-closed"));
  }

  private static KeyValue<String, String> verdict(String tileId, MaskCorrected correction) {
    InputCheck.check(tileId, correction);
    return KeyValue.pair(correction.getSlideId(), correction.getTileId());
  }
}
