package io.histoflow.studies.corrections;

import io.histoflow.training.FineTuningSettings;
import java.util.Objects;

/**
 * How corrections are simulated.
 *
 * @param tileSize edge of a tile in pixels, 32 or more
 * @param share of a half's tiles that is corrected, above 0 and at most 1
 * @param seeds rounds of fine-tuning with each choice of tiles, 1 or more
 * @param fineTuning how each round learns; its seed is set by the study
 */
public record CorrectionStudySettings(
    int tileSize, double share, int seeds, FineTuningSettings fineTuning) {

  /** Checks every field. */
  public CorrectionStudySettings {
    Objects.requireNonNull(fineTuning, "fineTuning");
    if (tileSize < 32 || !(share > 0 && share <= 1) || seeds < 1) {
      throw new IllegalArgumentException(
          "a study of corrections needs tiles of 32 pixels or more, a share above 0 and at most 1"
              + " and at least 1 seed, not %d, %s and %d".formatted(tileSize, share, seeds));
    }
  }
}
