package io.histoflow.finetuning;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.Map;
import java.util.Optional;

/**
 * What audited tiles say of the mask thresholds of the weights in force.
 *
 * @param version of the weights in force
 * @param tiles audited tiles that were looked at
 * @param learned audited tiles that were left out, since the weights may have learned from them
 * @param glass those left out that show no tissue
 * @param before thresholds in force
 * @param after thresholds that keep the level; empty where there are none
 * @param reason what they rest on, or why there are none, in a sentence or two
 * @param missedBefore mean share of a tile's positive pixels that is missed at those in force,
 *     0..1; NaN without a tile that has any
 * @param missedAfter the same at the new ones; NaN where there are none
 * @param measured what is published with them
 */
public record ThresholdProposal(
    long version,
    int tiles,
    int learned,
    int glass,
    MaskThresholds before,
    Optional<MaskThresholds> after,
    String reason,
    double missedBefore,
    double missedAfter,
    Measured measured) {

  /** The weights in force, on audited tiles. */
  public static final class Measured {
    private final Checkpoint inForce;
    private final Measurement measurement;
    private final Map<Integer, Long> known;

    /**
     * @param known for each partition of the corrections' topic, the offset after the last record
     *     read
     */
    Measured(Checkpoint inForce, Measurement measurement, Map<Integer, Long> known) {
      this.inForce = inForce;
      this.measurement = measurement;
      this.known = Map.copyOf(known);
    }

    Checkpoint inForce() {
      return inForce;
    }

    Measurement measurement() {
      return measurement;
    }

    Map<Integer, Long> known() {
      return known;
    }
  }

  /** Returns the same with other thresholds, or with none. */
  ThresholdProposal with(Optional<MaskThresholds> thresholds, String why) {
    return new ThresholdProposal(
        version,
        tiles,
        learned,
        glass,
        before,
        thresholds,
        why,
        missedBefore,
        thresholds.map(measured.measurement::meanMissed).orElse(Double.NaN),
        measured);
  }
}
