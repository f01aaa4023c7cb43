package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import java.util.List;
import java.util.Objects;

/**
 * One data set among those that a network is trained on.
 *
 * @param name for people, for example its folder
 * @param tiles whole images in memory, at least one
 * @param weight how often its tiles are drawn beside those of other sets, above 0; 1 is usual
 */
public record TrainingSet(String name, List<LabelledTile> tiles, double weight) {

  /** Checks every field. */
  public TrainingSet {
    Objects.requireNonNull(name, "name");
    tiles = List.copyOf(tiles);
    if (tiles.isEmpty()) {
      throw new IllegalArgumentException("the data set " + name + " has no image");
    }
    if (!(weight > 0 && weight <= 1000)) {
      throw new IllegalArgumentException(
          "the weight of the data set %s must be above 0 and at most 1000, not %s"
              .formatted(name, weight));
    }
  }
}
