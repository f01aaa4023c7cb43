package io.histoflow.reporting;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.Topics;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What recall a slide's reader may expect: the estimate of its organ by the newest weights that
 * segmented it, on whichever scanner most tiles were audited. Follows the estimates from {@link
 * #start} to {@link #close}. Safe for use by several threads.
 */
final class ExpectedRecall implements AutoCloseable {
  /** Nothing is followed, so nothing is known. */
  static final ExpectedRecall UNKNOWN = new ExpectedRecall(null);

  /** Half the width of an interval that says something. */
  private static final double USEFUL = 0.05;

  /** With fewer audited tiles intervals are too short; {@code AuditPlan} says why. */
  private static final long FEWEST_TILES = 30;

  private final Map<String, RecallEstimate> estimates = new ConcurrentHashMap<>();
  private final CompactedTopicReader<RecallEstimate> reader;

  /** Makes it without starting it. */
  static ExpectedRecall following(KafkaClients clients) {
    return new ExpectedRecall(clients);
  }

  private ExpectedRecall(KafkaClients clients) {
    reader =
        clients == null
            ? null
            : new CompactedTopicReader<>(
                clients, Topics.RECALL_ESTIMATES, record -> take(record.key(), record.value()));
  }

  void start() {
    reader.start();
  }

  /** Takes an estimate; null where it was deleted. */
  void take(String key, RecallEstimate estimate) {
    if (estimate == null) {
      estimates.remove(key);
    } else {
      estimates.put(key, estimate);
    }
  }

  /**
   * Returns what is expected of a slide, by the keys of the export; empty where nothing was audited
   * of its organ and weights.
   */
  Optional<Map<String, Object>> of(SlideReport report) {
    List<Long> versions = report.getModelVersions();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    long newest = versions.get(versions.size() - 1);
    return estimates.values().stream()
        .filter(one -> one.getOrgan().equals(report.getOrgan()))
        .filter(one -> one.getModelVersion() == newest)
        .max(
            Comparator.comparingLong(RecallEstimate::getTilesDrawnRead)
                .thenComparing(RecallEstimate::getScanner))
        .map(ExpectedRecall::shown);
  }

  private static Map<String, Object> shown(RecallEstimate estimate) {
    RecallFigures figures = estimate.getModelPixels();
    long tiles = estimate.getTilesDrawnRead();
    boolean enough =
        figures != null
            && tiles >= FEWEST_TILES
            && figures.getRecall() != null
            && (figures.getRecallHigh() - figures.getRecallLow()) / 2 <= USEFUL;
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("recall", enough ? figures.getRecall() : null);
    shown.put("low", enough ? figures.getRecallLow() : null);
    shown.put("high", enough ? figures.getRecallHigh() : null);
    shown.put("auditedTiles", tiles);
    shown.put(
        "sentence",
        enough
            ? String.format(
                Locale.ROOT,
                "expected recall of this organ and version here: %.2f, 95 %% %.2f-%.2f, from %d"
                    + " audited tiles",
                figures.getRecall(),
                figures.getRecallLow(),
                figures.getRecallHigh(),
                tiles)
            : "not enough audited yet: " + tiles + (tiles == 1 ? " tile" : " tiles"));
    return shown;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
