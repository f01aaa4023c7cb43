package io.histoflow.training;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;

/**
 * What a round of fine-tuning gave.
 *
 * @param candidate the base with a new decoder and conditioning, one version up, with the base's
 *     mask thresholds, whose guarantee does not hold for it
 * @param newOrgans organs that got an embedding of their own in this round
 * @param firstLoss loss of the first step's batch
 * @param lastLoss loss of the last step's batch
 */
public record FineTuned(
    Checkpoint candidate, List<String> newOrgans, double firstLoss, double lastLoss) {

  /** Copies the list. */
  public FineTuned {
    newOrgans = List.copyOf(newOrgans);
  }
}
