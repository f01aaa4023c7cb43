package io.histoflow.training;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;

/**
 * What a training gave.
 *
 * @param best the averaged weights that scored best on the held-out patients; the last ones where
 *     there are none
 * @param last the averaged weights at the end
 * @param history all validations; empty where no patient was held out
 * @param losses the learning curve
 * @param steps taken
 */
public record Trained(
    Checkpoint best,
    Checkpoint last,
    List<ValidationPoint> history,
    List<LossPoint> losses,
    long steps) {

  /** Copies the lists. */
  public Trained {
    history = List.copyOf(history);
    losses = List.copyOf(losses);
  }
}
