package io.histoflow.launcher.versions;

import io.histoflow.commandline.Figures;
import io.histoflow.commandline.Table;
import io.histoflow.launcher.versions.Versions.Entry;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WorkerVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All versions and rounds as a table. Times are UTC. */
public final class VersionTable {
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private VersionTable() {}

  /** Returns the table. */
  public static Table of(Versions versions) {
    Table table =
        new Table(
            "version",
            "round",
            "parent",
            "created (UTC)",
            "outcome",
            "recall*",
            "AP",
            "state",
            "workers");
    for (Entry entry : versions.entries()) {
      table.row(
          entry.version().map(String::valueOf).orElse("-"),
          entry.decision().map(d -> Long.toString(d.getRound())).orElse("-"),
          parent(entry),
          created(entry).map(TIME::format).orElse("-"),
          outcome(entry),
          change(entry, SegmentationQuality::getRecallAtMatchedPrecision),
          change(entry, SegmentationQuality::getAveragePrecision),
          entry.version().map(version -> state(versions, version)).orElse(""),
          entry.version().map(version -> workers(versions, version)).orElse(""));
    }
    return table;
  }

  /** Returns sentences that belong below the table. */
  public static List<String> remarks(Versions versions) {
    List<String> remarks = new ArrayList<>();
    remarks.add("* before -> after on held-out corrections, recall at the same precision.");
    versions.model().pin().map(VersionTable::pinned).ifPresent(remarks::add);
    versions.model().refused().stream()
        .map(why -> "On the topic of weights, and in force nowhere: " + why)
        .forEach(remarks::add);
    versions.workers().stream()
        .filter(versions::isSilent)
        .map(
            worker ->
                "Worker %s is silent since %s UTC."
                    .formatted(worker.getWorkerId(), TIME.format(worker.getReportedAt())))
        .forEach(remarks::add);
    return remarks;
  }

  static String pinned(WeightsChange pin) {
    return "Version %d was pinned by %s at %s UTC%s"
        .formatted(
            pin.getToVersion(),
            pin.getBy(),
            TIME.format(pin.getChangedAt()),
            pin.getReason() == null ? "." : ": " + pin.getReason());
  }

  static String state(Versions versions, long version) {
    List<String> words = new ArrayList<>();
    if (versions.model().inForce() == version) {
      words.add("in force");
    }
    if (versions.model().isPinned(version)) {
      words.add("pinned");
    }
    return String.join(", ", words);
  }

  static String workers(Versions versions, long version) {
    List<WorkerVersion> running = versions.running(version);
    if (running.isEmpty()) {
      return "none";
    }
    return running.stream()
        .map(w -> versions.isSilent(w) ? w.getWorkerId() + ", silent" : w.getWorkerId())
        .collect(
            Collectors.joining(
                "; ", running.size() + (running.size() == 1 ? " (worker " : " (workers "), ")"));
  }

  static String outcome(Entry entry) {
    return switch (entry.outcome()) {
      case SHIPPED -> "as shipped";
      case ACCEPTED -> "accepted";
      case HELD_BACK -> "accepted, held back";
      case REFUSED -> "refused";
      case LOST -> "accepted, not archived";
    };
  }

  static Optional<Instant> created(Entry entry) {
    return entry
        .weights()
        .map(DecoderWeights::getCreatedAt)
        .or(() -> entry.decision().map(DecoderDecision::getDecidedAt));
  }

  static Optional<SegmentationQuality> before(Entry entry) {
    return entry
        .decision()
        .map(DecoderDecision::getBefore)
        .or(() -> entry.weights().map(DecoderWeights::getBefore));
  }

  static Optional<SegmentationQuality> after(Entry entry) {
    return entry
        .decision()
        .map(DecoderDecision::getAfter)
        .or(() -> entry.weights().map(DecoderWeights::getAfter));
  }

  static String figure(Double figure) {
    return Figures.text("%.4f", figure);
  }

  private static String parent(Entry entry) {
    return entry
        .decision()
        .map(DecoderDecision::getParentVersion)
        .or(() -> entry.weights().map(DecoderWeights::getParentVersion))
        .map(String::valueOf)
        .orElse("-");
  }

  private static String change(Entry entry, Function<SegmentationQuality, Double> figure) {
    Optional<Double> before = before(entry).map(figure);
    Optional<Double> after = after(entry).map(figure);
    return before.isEmpty() && after.isEmpty()
        ? "-"
        : figure(before.orElse(null)) + " -> " + figure(after.orElse(null));
  }
}
