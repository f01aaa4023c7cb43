package io.histoflow.finetuning;

import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Gives an accepted candidate its mask thresholds: by conformal risk control on the held-out
 * corrections, of which the candidate has learned from none.
 *
 * <p>What this guarantees holds for tiles like these corrections. They are the tiles that were
 * routed to review, the uncertain ones, and not a random draw of all tiles; and the gate judged the
 * candidate on the same ones.
 *
 * @param calibration the rule; its minimum number of units counts for the pooled threshold too,
 *     since on fewer the rule is kept by calling nearly everything positive
 */
record Recalibration(Calibration calibration) {

  /**
   * The thresholds of a candidate.
   *
   * @param thresholds to be published with it
   * @param reason one sentence: what they rest on
   */
  record Choice(MaskThresholds thresholds, String reason) {}

  /**
   * Chooses thresholds.
   *
   * @param parent thresholds of the weights in force
   * @param matchedThreshold the pooled threshold at which the gate compared the candidate; it
   *     counts where there are too few corrections
   * @param candidate the candidate on the held-out corrections
   */
  Choice choose(MaskThresholds parent, double matchedThreshold, Measurement candidate) {
    List<CalibrationUnit> tiles = candidate.tiles();
    long units = tiles.stream().filter(tile -> tile.curve().positivePixels() > 0).count();
    if (units < calibration.fewestUnitsOfAnOrgan()) {
      return kept(
          parent,
          matchedThreshold,
          String.format(
              Locale.ROOT,
              "%d held-out corrections with a positive pixel are too few to keep the expected"
                  + " false-negative rate at or under %s: at least %d are needed.",
              units,
              calibration.control().level(),
              calibration.fewestUnitsOfAnOrgan()));
    }
    Optional<MaskThresholds> calibrated = calibration.of(tiles);
    return calibrated
        .map(thresholds -> new Choice(thresholds, thresholds.describe()))
        .orElseGet(() -> kept(parent, matchedThreshold, calibration.whyNone(tiles)));
  }

  private static Choice kept(MaskThresholds parent, double matchedThreshold, String why) {
    String organs =
        parent.organs().isEmpty() ? "" : ", and the organs' own thresholds stay the parent's";
    return new Choice(
        parent.carriedOver(matchedThreshold),
        why
            + " The mask threshold is that of the gate's comparison"
            + organs
            + ", without a guarantee.");
  }
}
