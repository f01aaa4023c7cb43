package io.histoflow.launcher.versions;

import static io.histoflow.launcher.versions.VersionTable.TIME;
import static io.histoflow.launcher.versions.VersionTable.figure;

import io.histoflow.commandline.Table;
import io.histoflow.launcher.versions.Versions.Entry;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.WeightsChange;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Everything that is known of one version, for people. Times are UTC. */
public final class VersionSheet {
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final Optional<Table> figures;

  private VersionSheet(Versions versions, Entry entry) {
    long version = entry.version().orElseThrow();
    lines.put("model", versions.model().modelId());
    lines.put("version", Long.toString(version));
    lines.put("outcome", VersionTable.outcome(entry));
    String state = VersionTable.state(versions, version);
    lines.put("state", state.isEmpty() ? "not in force" : state);
    if (versions.model().isPinned(version)) {
      versions.model().pin().ifPresent(pin -> lines.put("pinned", VersionTable.pinned(pin)));
    }
    lines.put("workers", VersionTable.workers(versions, version));
    VersionTable.created(entry).ifPresent(time -> lines.put("created", TIME.format(time) + " UTC"));
    entry.decision().ifPresent(this::decision);
    entry.weights().ifPresent(this::weights);
    if (version == 0) {
      lines.put("mask thresholds", versions.shipped().thresholds().describe());
      lines.put("SHA-256", versions.shippedSha256());
      lines.put("encoder fingerprint", versions.shipped().encoderFingerprint());
    }
    String changes =
        versions.model().changes().stream()
            .filter(c -> c.getToVersion() == version || c.getFromVersion() == version)
            .map(VersionSheet::change)
            .collect(Collectors.joining("\n" + " ".repeat(22)));
    if (!changes.isEmpty()) {
      lines.put("changes by hand", changes);
    }
    figures =
        VersionTable.before(entry)
            .flatMap(before -> VersionTable.after(entry).map(after -> figures(before, after)));
  }

  /** Makes the sheet; empty where there is no such version. */
  public static Optional<VersionSheet> of(Versions versions, long version) {
    return versions.entry(version).map(entry -> new VersionSheet(versions, entry));
  }

  @Override
  public String toString() {
    String text =
        lines.entrySet().stream()
            .map(line -> String.format(Locale.ROOT, "%-20s  %s", line.getKey(), line.getValue()))
            .collect(Collectors.joining("\n"));
    return figures.map(table -> text + "\n\n" + table).orElse(text);
  }

  private void decision(DecoderDecision decision) {
    lines.put("round", Long.toString(decision.getRound()));
    lines.put("decision", decision.getReason());
    if (decision.getTilesJudgedBySeveral() != null && decision.getTilesDisagreedOn() != null) {
      lines.put(
          "reviewers",
          "%d tiles judged by several, on %d of them they disagree"
              .formatted(decision.getTilesJudgedBySeveral(), decision.getTilesDisagreedOn()));
    }
  }

  private void weights(DecoderWeights weights) {
    lines.put("parent", Long.toString(weights.getParentVersion()));
    lines.put("examples used", Integer.toString(weights.getExamplesUsed()));
    lines.put("mask threshold", figure(weights.getMaskThreshold()));
    MaskCalibration calibration = weights.getCalibration();
    if (calibration != null) {
      lines.put(
          "calibrated",
          calibration.getLevel() == null
              ? "no: the thresholds guarantee nothing"
              : "expected false-negative rate at most %s, on %d corrections"
                  .formatted(figure(calibration.getLevel()), calibration.getUnits()));
      calibration.getOrgans().entrySet().stream()
          .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
          .forEach(
              organ ->
                  lines.put(
                      "  " + organ.getKey(),
                      figure(organ.getValue().getThreshold())
                          + " on "
                          + organ.getValue().getUnits()
                          + " corrections"));
    }
    lines.put("SHA-256", weights.getSha256());
    lines.put("encoder fingerprint", weights.getEncoderFingerprint());
  }

  private static String change(WeightsChange change) {
    return "%s UTC %s %s, from version %d to %d%s"
        .formatted(
            TIME.format(change.getChangedAt()),
            change.getBy(),
            switch (change.getKind()) {
              case ROLLED_BACK -> "rolled back";
              case PINNED -> "pinned";
              case UNPINNED -> "unpinned";
              case UNKNOWN -> "did something unknown";
            },
            change.getFromVersion(),
            change.getToVersion(),
            change.getReason() == null ? "" : ": " + change.getReason());
  }

  private static Table figures(SegmentationQuality before, SegmentationQuality after) {
    Table table = new Table("on " + after.getImages() + " held-out corrections", "before", "after");
    Map<String, Function<SegmentationQuality, Double>> rows = new LinkedHashMap<>();
    rows.put("recall at the same precision", SegmentationQuality::getRecallAtMatchedPrecision);
    rows.put("that precision", SegmentationQuality::getMatchedPrecision);
    rows.put("average precision", SegmentationQuality::getAveragePrecision);
    rows.put("threshold of the next", SegmentationQuality::getThreshold);
    rows.put("recall", SegmentationQuality::getRecall);
    rows.put("precision", SegmentationQuality::getPrecision);
    rows.put("Dice", SegmentationQuality::getDice);
    rows.put("IoU", SegmentationQuality::getIou);
    rows.forEach(
        (name, figure) ->
            table.row(name, figure(figure.apply(before)), figure(figure.apply(after))));
    return table;
  }
}
