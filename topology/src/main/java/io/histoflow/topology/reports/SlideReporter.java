package io.histoflow.topology.reports;

import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.ledger.TileEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps each slide's ledger and publishes its report: at once when its last tile comes in; as
 * INCOMPLETE when nothing came for a while; again, a little later, when a reported slide changes.
 */
final class SlideReporter implements Processor<String, SlideEvent, String, SlideReport> {
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

  private final ReportSettings settings;
  private final Consumer<SlideReport> listener;
  private ProcessorContext<String, SlideReport> context;
  private KeyValueStore<String, SlideState> slides;
  private KeyValueStore<String, Long> due;
  private SlideTiles tiles;

  SlideReporter(ReportSettings settings, Consumer<SlideReport> listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, SlideReport> processorContext) {
    context = processorContext;
    slides = context.getStateStore(ReportPart.SLIDES);
    due = context.getStateStore(ReportPart.SLIDES_DUE);
    tiles = new SlideTiles(context.getStateStore(SlideTiles.STORE));
    context.schedule(CHECK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::reportWhatIsDue);
  }

  @Override
  public void process(Record<String, SlideEvent> record) {
    String slideId = record.key();
    SlideState slide = Optional.ofNullable(slides.get(slideId)).orElse(SlideState.EMPTY);
    SlideEvent event = record.value();
    if (event instanceof SlideEvent.TileArrived arrived) {
      onTile(slideId, slide, arrived, record.timestamp());
    } else if (event instanceof SlideEvent.ManifestArrived arrived) {
      onManifest(slideId, slide, arrived.manifest(), record.timestamp());
    } else if (event instanceof SlideEvent.ReviewClosed closed) {
      onVerdict(slideId, slide, closed.tileId());
    }
  }

  private void onTile(
      String slideId, SlideState slide, SlideEvent.TileArrived arrived, long timestamp) {
    TileSegmented tile = arrived.tile();
    TileEntry before = arrived.known();
    TileEntry after = before.with(tile, arrived.alerted());
    SlideState next =
        (before.segmented() ? slide : slide.withTile(tile.getOrgan()))
            .withResult(tile.getModelVersion(), tile.getSegmentedAt().toEpochMilli());
    if (!after.equals(before)) {
      tiles.put(slideId, tile.getTileId(), after);
    }
    if (!next.equals(slide) || !after.looksLike(before)) {
      slides.put(slideId, next);
      afterChange(slideId, next, timestamp);
    }
  }

  private void onManifest(String slideId, SlideState slide, SlideScanned manifest, long timestamp) {
    SlideState next = slide.withManifest(manifest);
    if (!next.equals(slide)) {
      slides.put(slideId, next);
      afterChange(slideId, next, timestamp);
    }
  }

  private void onVerdict(String slideId, SlideState slide, String tileId) {
    TileEntry before = tiles.find(slideId, tileId).orElse(TileEntry.UNKNOWN);
    if (before.closed()) {
      return;
    }
    tiles.put(slideId, tileId, before.withVerdict());
    if (slide.isReported()) {
      reportSoon(slideId);
    }
  }

  private void afterChange(String slideId, SlideState slide, long timestamp) {
    if (slide.isWhole() && !slide.complete()) {
      report(slideId, slide, timestamp);
    } else if (slide.isReported()) {
      reportSoon(slideId);
    } else {
      due.put(slideId, context.currentSystemTimeMs() + settings.timeout().toMillis());
    }
  }

  /** Collects changes: the first of them sets the time. */
  private void reportSoon(String slideId) {
    due.putIfAbsent(slideId, context.currentSystemTimeMs() + settings.updateDelay().toMillis());
  }

  private void reportWhatIsDue(long now) {
    List<String> ready = new ArrayList<>();
    try (KeyValueIterator<String, Long> all = due.all()) {
      while (all.hasNext()) {
        KeyValue<String, Long> entry = all.next();
        if (entry.value <= now) {
          ready.add(entry.key);
        }
      }
    }
    ready.forEach(slideId -> report(slideId, slides.get(slideId), now));
  }

  private void report(String slideId, SlideState slide, long timestamp) {
    SlideState next = slide.afterReport();
    SlideTally tally = new SlideTally(next);
    tiles.forEach(slideId, tally::add);
    SlideReport report = reportOf(slideId, next, tally);
    context.forward(new Record<>(slideId, report, timestamp));
    slides.put(slideId, next);
    due.delete(slideId);
    listener.accept(report);
  }

  private SlideReport reportOf(String slideId, SlideState slide, SlideTally tally) {
    Long first = tally.firstSegmentedAt();
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan(slide.organ())
        .setStatus(slide.complete() ? ReportStatus.COMPLETE : ReportStatus.INCOMPLETE)
        .setTilesSeen(tally.tiles())
        .setTilesExpected(slide.hasManifest() ? Integer.valueOf(slide.expected()) : null)
        .setPositivePixels(tally.positivePixels())
        .setTotalPixels(tally.pixels())
        .setPositiveFraction(tally.positiveFraction())
        .setPositiveAreaSquareMillimetres(tally.positiveSquareMillimetres())
        .setMeanEntropy(tally.meanEntropy())
        .setMaxMeanEntropy(tally.maxMeanEntropy())
        .setMaxTailEntropy(tally.maxTailEntropy())
        .setReviewsRequested(tally.alerted())
        .setReviewsOpen(tally.open())
        .setModelVersions(tally.modelVersions())
        .setFirstTileAt(first == null ? null : Instant.ofEpochMilli(first))
        .setReportedAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
        .setRevision(slide.revision())
        .setTilesMissing(slide.hasManifest() ? Integer.valueOf(slide.missing()) : null)
        .setMissingTiles(tally.missingTiles())
        .setTilesWithoutScale(tally.withoutScale())
        .setModelHistory(tally.modelHistory())
        .setTilesBackground(tally.background())
        .build();
  }
}
