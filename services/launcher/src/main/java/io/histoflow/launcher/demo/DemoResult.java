package io.histoflow.launcher.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.SortedMap;

/**
 * What a demo ends with; its components are the keys of {@code demo --json}, which outsiders script
 * against.
 *
 * @param data which tiles: a data set's path, or "synthetic tiles"
 * @param tilesScanned tiles published
 * @param tilesSegmented distinct tiles with a segmentation
 * @param duplicates segmentations beyond the first of a tile
 * @param deadLettered tiles that could not be used
 * @param slides slides published
 * @param reports slides with a report
 * @param incompleteReports slides whose newest report is INCOMPLETE
 * @param organs per organ, tiles segmented and routed to review
 * @param corrections masks corrected by ground truth
 * @param weights what fine-tuning did
 * @param before the shipped weights on the held-out tiles
 * @param after the weights in force at the end, on the same tiles
 * @param heldOutImages number of images whose tiles were never corrected
 * @param workerRestarts how often the inference worker was started again
 * @param wallSeconds duration of the whole demo in seconds
 * @param recall what was estimated of all tiles, and what is true
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({"data", "tilesScanned", "tilesSegmented", "duplicates", "deadLettered"})
public record DemoResult(
    String data,
    long tilesScanned,
    long tilesSegmented,
    long duplicates,
    long deadLettered,
    int slides,
    int reports,
    int incompleteReports,
    SortedMap<String, OrganCounts> organs,
    int corrections,
    WeightsOutcome weights,
    Quality before,
    Quality after,
    int heldOutImages,
    int workerRestarts,
    double wallSeconds,
    RecallOutcome recall) {

  public DemoResult {
    Objects.requireNonNull(organs, "organs");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(recall, "recall");
  }

  /**
   * Recall of the shipped weights over the pixels of all tiles, those included that nobody saw.
   *
   * @param estimate from the tiles that were reviewed; null where too few were audited
   * @param low lower end of its 95 % interval
   * @param high upper end
   * @param truth by the masks of all tiles; null where they hold nothing
   * @param tilesDrawn tiles that chance sent to review
   * @param tilesDrawnRead those of them that were corrected or confirmed
   */
  public record RecallOutcome(
      Double estimate,
      Double low,
      Double high,
      Double truth,
      long tilesDrawn,
      long tilesDrawnRead) {}

  /** Tiles of one organ: segmented, and routed to review. */
  public record OrganCounts(long segmented, long routed) {
    /** Routed share, 0..1; 0 without tiles. */
    double share() {
      return segmented == 0 ? 0 : (double) routed / segmented;
    }
  }

  /**
   * What fine-tuning did.
   *
   * @param from version before
   * @param to version after; equal to {@code from} where the candidate was refused
   * @param accepted whether the candidate passed the gate
   * @param reason the gate's sentence
   */
  public record WeightsOutcome(long from, long to, boolean accepted, String reason) {}

  /**
   * Quality over all pixels of the held-out tiles; null where undefined.
   *
   * @param threshold mask threshold applied
   * @param matchedPrecision the precision at which both models are compared: that of the shipped
   *     weights at their own threshold
   * @param recallAtMatchedPrecision recall at the threshold where precision equals it
   */
  public record Quality(
      Double recall,
      Double precision,
      Double dice,
      Double iou,
      Double matchedPrecision,
      Double recallAtMatchedPrecision,
      Double averagePrecision,
      double threshold) {}
}
