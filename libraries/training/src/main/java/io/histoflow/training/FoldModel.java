package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;

/**
 * A model of one fold of a cross-validation and the images that it has never seen.
 *
 * @param fold number of the fold, counted from 1
 * @param model its averaged weights after the last step: nothing was chosen by the held-out images
 * @param heldOut the fold's images
 */
public record FoldModel(int fold, Checkpoint model, List<LabelledTile> heldOut) {

  /** Copies the list. */
  public FoldModel {
    heldOut = List.copyOf(heldOut);
  }
}
