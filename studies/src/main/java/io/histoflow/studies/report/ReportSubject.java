package io.histoflow.studies.report;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What a report is about.
 *
 * @param checkpoint the model
 * @param dataSets folders of the images; the report gives their names, not where they lie
 * @param thresholds mask thresholds that were applied, to each image that of its organ
 * @param micronsPerPixel of the images; empty where not known
 * @param flipsAndTurns whether probabilities are averages over eight flips and turns
 * @param date of the evaluation
 */
public record ReportSubject(
    Checkpoint checkpoint,
    List<Path> dataSets,
    MaskThresholds thresholds,
    OptionalDouble micronsPerPixel,
    boolean flipsAndTurns,
    LocalDate date) {

  public ReportSubject {
    dataSets = List.copyOf(dataSets);
  }

  /** Names of the folders. */
  String dataSetNames() {
    return dataSets.stream()
        .map(folder -> folder.toAbsolutePath().normalize().getFileName())
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  /** Whether the model's licence limits it to research. */
  boolean researchOnly() {
    return checkpoint.metadata().licence().toLowerCase(Locale.ROOT).contains("research use only");
  }
}
