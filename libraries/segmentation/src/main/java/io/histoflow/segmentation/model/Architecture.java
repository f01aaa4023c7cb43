package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDManager;
import io.histoflow.datasets.OrganName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A kind of network with its options: all that training, evaluation, calibration and inference need
 * to know of it. Immutable; equal where name and options are.
 */
public interface Architecture {

  /** Returns the name under which weights files know it. */
  String name();

  /** Returns its options as weights files hold them, by their names there. */
  Map<String, String> options();

  /** Returns what it sees of a tile's colours. */
  InputColour inputColour();

  /** Returns the channels of its first stage, which tell sizes of one architecture apart. */
  int width();

  /** Returns what heights and widths of its input must be multiples of. */
  int sideMultiple();

  /** Returns its parameters and buffers in the order of the forward pass, without any array. */
  List<ParameterSpec> parameters();

  /**
   * Returns the multiply-adds of convolutions, linear layers and products of one forward pass over
   * a square image, as inference makes it; not those of biases, norms and activations.
   *
   * @param side in pixels, one that the network takes
   */
  long multiplyAdds(int side);

  /**
   * Loads weights into a network that runs operation by operation and can learn.
   *
   * @param weights of this architecture
   * @param manager holds the network's parameters until it is closed
   * @param statistics of which groups BatchNorm learns the statistics of what it is trained on;
   *     those of all others stay
   */
  Network open(Weights weights, NDManager manager, Predicate<ParameterGroup> statistics);

  /** Returns the organs that it tells apart, {@value OrganName#UNKNOWN} first and often alone. */
  default List<String> organs() {
    return List.of(OrganName.UNKNOWN);
  }

  /** Returns the row of the organ, 0 (unknown) where the network does not know it. */
  default int indexOf(String organ) {
    return Math.max(0, organs().indexOf(OrganName.of(organ)));
  }

  /** Returns whether it is conditioned on the organ, by FiLM. */
  default boolean film() {
    return false;
  }

  /** Returns the length of an organ's embedding, 0 where there is none. */
  default int embeddingSize() {
    return 0;
  }

  /**
   * Returns the seven stages that compiled inference, widening and new organs rest on; empty where
   * the network only runs operation by operation.
   */
  default Optional<ClinSegNetConfig> stages() {
    return Optional.empty();
  }

  /** Returns whether fine-tuning has anything to change; else the network is only served. */
  default boolean learnsFromCorrections() {
    return parameters().stream().anyMatch(spec -> spec.group() == ParameterGroup.DECODER);
  }

  /** Returns the least side that the network takes and that is no less than the given one. */
  default int padded(int side) {
    int multiple = sideMultiple();
    return (side + multiple - 1) / multiple * multiple;
  }

  /**
   * Refuses a side that the network does not take.
   *
   * @throws IllegalArgumentException in a sentence that says which it takes
   */
  default void requireSide(long side) {
    if (side < 1 || side % sideMultiple() != 0) {
      throw new IllegalArgumentException(
          "%s takes images whose sides are multiples of %d pixels, not %d"
              .formatted(name(), sideMultiple(), side));
    }
  }
}
