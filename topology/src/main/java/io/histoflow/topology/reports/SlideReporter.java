package io.histoflow.topology.reports;

import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.ledger.TileEntry;
import io.histoflow.topology.reports.SlideState.Gone;
import io.histoflow.topology.reports.SlideState.Manifest;
import io.histoflow.topology.reports.SlideState.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
 * Forgets the tiles of slides that have not changed for long.
 */
final class SlideReporter implements Processor<String, SlideEvent, String, ReportOutput> {
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);
  private static final Duration FORGET_INTERVAL = Duration.ofSeconds(10);

  // What is done at a time keeps other slides waiting.
  private static final int MOST_REPORTS = 1_000;
  private static final int MOST_SLIDES_LOOKED_AT = 500;
  private static final int MOST_TILES_FORGOTTEN = 5_000;

  private final ReportSettings settings;
  private final Consumer<SlideReport> listener;
  private ProcessorContext<String, ReportOutput> context;
  private KeyValueStore<String, SlideState> slides;
  private KeyValueStore<String, Long> due;
  private SlideTiles tiles;
  private String lookedAt = "";

  SlideReporter(ReportSettings settings, Consumer<SlideReport> listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, ReportOutput> processorContext) {
    context = processorContext;
    slides = context.getStateStore(ReportPart.SLIDES);
    due = context.getStateStore(ReportPart.SLIDES_DUE);
    tiles = new SlideTiles(context.getStateStore(SlideTiles.STORE));
    context.schedule(CHECK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::reportWhatIsDue);
    context.schedule(FORGET_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::forgetWhatIsOld);
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
    } else if (event instanceof SlideEvent.SlideRemoved) {
      onRemoval(slideId, slide, record.timestamp());
    } else if (event instanceof SlideEvent.ReviewClosed closed) {
      onVerdict(slideId, slide, closed.tileId());
    }
  }

  private void onTile(
      String slideId, SlideState slide, SlideEvent.TileArrived arrived, long timestamp) {
    TileSegmented tile = arrived.tile();
    String scan = SlideTiles.scanOf(tile);
    if (slide.isLate(scan, tile.getScannedAt().toEpochMilli())) {
      tiles.takeBack(arrived);
      if (arrived.alerted()) {
        closeAlert(tile.getTileId(), timestamp);
      }
      return;
    }
    TileEntry before = arrived.before();
    boolean counts = !slide.manifest().known() || slide.manifest().counts(scan);
    SlideState next = slide;
    if (counts) {
      next = slide.withResult(tile.getModelVersion(), tile.getSegmentedAt().toEpochMilli());
      next = slide.manifest().known() && !before.segmented() ? next.withTile() : next;
    }
    if (!next.equals(slide) || !arrived.after().looksLike(before)) {
      next = next.changed(context.currentSystemTimeMs());
      slides.put(slideId, next);
      if (counts) {
        afterChange(slideId, slide, next, timestamp);
      }
    }
  }

  /** A manifest of another scan replaces the one before: its tiles leave. */
  private void onManifest(String slideId, SlideState slide, SlideScanned record, long timestamp) {
    Manifest manifest = Manifest.of(record);
    if (manifest.equals(slide.manifest())) {
      return;
    }
    SlideState next =
        (isFromBefore(slide, timestamp) ? slide.forgotten() : slide).withManifest(manifest);
    if (!slide.manifest().counts(manifest.scan())) {
      next = recount(slideId, next);
    }
    if (slide.manifest().known() && !slide.manifest().counts(manifest.scan())) {
      String replaced = slide.manifest().scan();
      drop(slideId, replaced::equals, manifest.scan(), timestamp);
      next = next.without(new Gone(replaced, record.getScannedAt().toEpochMilli()));
    } else if (slide.rest() == Rest.REMOVED
        && record.getScannedAt().toEpochMilli() < slide.gone().before()) {
      // The manifest of before again: its removal is undone, and its tiles count.
      next = next.without(Gone.NOTHING);
    }
    next = next.changed(context.currentSystemTimeMs());
    slides.put(slideId, next);
    afterChange(slideId, slide, next, timestamp);
  }

  /**
   * Says whether a manifest is read again, long after the slide was reported, by a router that has
   * lost its state: manifests are kept for ever, results are not, and "0 tiles" would be no news.
   */
  private boolean isFromBefore(SlideState slide, long timestamp) {
    return slide.equals(SlideState.EMPTY)
        && timestamp < context.currentSystemTimeMs() - settings.retention().toMillis();
  }

  /** Counts the tiles of the manifest's scan, and where others came their versions too. */
  private SlideState recount(String slideId, SlideState slide) {
    AtomicBoolean apart = new AtomicBoolean();
    AtomicReference<ModelHistory> standing = new AtomicReference<>(ModelHistory.EMPTY);
    int counted =
        tiles.forEach(
            slideId,
            (tileId, scan, tile) -> {
              boolean counts = tile.segmented() && slide.manifest().counts(scan);
              if (counts) {
                standing.updateAndGet(
                    versions -> versions.with(tile.result().modelVersion(), tile.segmentedAt()));
              } else if (tile.segmented()) {
                apart.set(true);
              }
              return counts;
            });
    return slide.recounted(counted, apart.get() ? standing.get() : slide.history());
  }

  private void onRemoval(String slideId, SlideState slide, long timestamp) {
    drop(slideId, scan -> true, null, timestamp);
    due.delete(slideId);
    slides.put(slideId, slide.removed(timestamp));
    context.forward(new Record<>(slideId, new ReportOutput.Report(Optional.empty()), timestamp));
  }

  private void onVerdict(String slideId, SlideState slide, String tileId) {
    int closed =
        tiles.forEachScan(
            slideId,
            tileId,
            (id, scan, tile) -> {
              if (!tile.closed()) {
                tiles.put(slideId, tileId, scan, tile.withVerdict());
              }
              return !tile.closed();
            });
    boolean early =
        closed == 0
            && slide.rest() == Rest.NONE
            && tiles.forEachScan(slideId, tileId, (id, scan, tile) -> true) == 0;
    if (early) {
      tiles.put(slideId, tileId, SlideTiles.NO_SCAN, TileEntry.UNKNOWN.withVerdict());
    }
    if (early || closed > 0) {
      slides.put(slideId, slide.changed(context.currentSystemTimeMs()));
      if (slide.isReported() && slide.rest() == Rest.NONE) {
        reportSoon(slideId);
      }
    }
  }

  private void afterChange(String slideId, SlideState before, SlideState slide, long timestamp) {
    boolean wasWhole = before.isWhole() && before.manifest().counts(slide.manifest().scan());
    if (!slide.isReportable()) {
      return;
    }
    if (slide.isWhole() && !wasWhole) {
      report(slideId, slide, timestamp);
    } else if (slide.isReported() && slide.rest() == Rest.NONE) {
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
      while (all.hasNext() && ready.size() < MOST_REPORTS) {
        KeyValue<String, Long> entry = all.next();
        if (entry.value <= now) {
          ready.add(entry.key);
        }
      }
    }
    ready.forEach(slideId -> report(slideId, slides.get(slideId), now));
  }

  private void report(String slideId, SlideState slide, long timestamp) {
    SlideTally tally = new SlideTally(slide, scanToCount(slideId, slide));
    tiles.forEach(slideId, (tileId, scan, tile) -> tally.add(scan, tile));
    SlideState next = slide.afterReport();
    SlideReport report = tally.report(slideId, next.revision(), context.currentSystemTimeMs());
    context.forward(new Record<>(slideId, new ReportOutput.Report(Optional.of(report)), timestamp));
    slides.put(slideId, next);
    due.delete(slideId);
    listener.accept(report);
  }

  /** Without a manifest it is the scan whose tiles came last: two scans never add up. */
  private String scanToCount(String slideId, SlideState slide) {
    if (slide.manifest().known()) {
      return slide.manifest().scan();
    }
    AtomicReference<String> latest = new AtomicReference<>(SlideTiles.NO_SCAN);
    AtomicReference<Long> latestAt = new AtomicReference<>(Long.MIN_VALUE);
    tiles.forEach(
        slideId,
        (tileId, scan, tile) -> {
          int order = Long.compare(tile.firstSegmentedAt(), latestAt.get());
          boolean later =
              tile.segmented() && (order > 0 || (order == 0 && scan.compareTo(latest.get()) > 0));
          if (later) {
            latest.set(scan);
            latestAt.set(tile.firstSegmentedAt());
          }
          return later;
        });
    return latest.get();
  }

  /** Forgets slides that have not changed for long, some at a time. */
  private void forgetWhatIsOld(long now) {
    long changedBefore = now - settings.retention().toMillis();
    List<String> old = new ArrayList<>();
    int seen = 0;
    try (KeyValueIterator<String, SlideState> some = slides.range(lookedAt, null)) {
      while (some.hasNext() && seen < MOST_SLIDES_LOOKED_AT) {
        KeyValue<String, SlideState> slide = some.next();
        seen++;
        // No id holds a NUL: this is the next key at the earliest.
        lookedAt = slide.key + '\0';
        if (slide.value.changedAt() > 0 && slide.value.changedAt() < changedBefore) {
          old.add(slide.key);
        }
      }
      if (!some.hasNext()) {
        lookedAt = "";
      }
    }
    int forgotten = 0;
    for (String slideId : old) {
      if (forgotten >= MOST_TILES_FORGOTTEN) {
        lookedAt = slideId;
        return;
      }
      forgotten += forget(slideId, slides.get(slideId), now);
    }
  }

  /** Forgets a slide's tiles; alerts of those that its report counts stay. */
  private int forget(String slideId, SlideState slide, long now) {
    boolean counted = slide.manifest().known();
    String reported = slide.manifest().scan();
    int forgotten = drop(slideId, scan -> counted && !scan.equals(reported), reported, now);
    forgotten +=
        tiles.forEach(
            slideId,
            (tileId, scan, tile) -> {
              tiles.delete(slideId, tileId, scan);
              return true;
            });
    due.delete(slideId);
    if (slide.isReported() || slide.rest() != Rest.NONE) {
      slides.put(
          slideId,
          slide.rest() == Rest.REMOVED ? slide.removed(slide.gone().before()) : slide.forgotten());
    } else {
      slides.delete(slideId);
    }
    return forgotten;
  }

  /**
   * Drops the tiles of scans and closes their alerts.
   *
   * @param stays the scan that stays, whose tiles may be called the same and have alerts of their
   *     own; null where none does
   * @return how many tiles were dropped
   */
  private int drop(String slideId, Predicate<String> scans, String stays, long timestamp) {
    return tiles.forEach(
        slideId,
        (tileId, scan, tile) -> {
          if (!scans.test(scan)) {
            return false;
          }
          tiles.delete(slideId, tileId, scan);
          boolean another =
              stays != null
                  && tiles.find(slideId, tileId, stays).map(TileEntry::open).orElse(false);
          if (tile.open() && !another) {
            closeAlert(tileId, timestamp);
          }
          return true;
        });
  }

  private void closeAlert(String tileId, long timestamp) {
    context.forward(new Record<>(tileId, new ReportOutput.AlertClosed(), timestamp));
  }
}
