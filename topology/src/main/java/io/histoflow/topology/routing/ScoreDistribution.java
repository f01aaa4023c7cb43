package io.histoflow.topology.routing;

import java.util.Optional;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/** A distribution of routing scores, as a sketch. */
final class ScoreDistribution {
  private final KllDoublesSketch sketch;

  ScoreDistribution(KllDoublesSketch sketch) {
    this.sketch = sketch;
  }

  /**
   * Reads a sketch that came from a topic.
   *
   * @param bytes a KllDoublesSketch in DataSketches' binary format
   * @return the distribution; empty where the bytes are no such sketch
   */
  static Optional<ScoreDistribution> fromBytes(byte[] bytes) {
    try {
      return Optional.of(new ScoreDistribution(KllDoublesSketch.heapify(Memory.wrap(bytes))));
    } catch (RuntimeException e) {
      // The library has several unrelated ways to refuse bytes.
      return Optional.empty();
    }
  }

  byte[] toBytes() {
    return sketch.toByteArray();
  }

  /** Returns the number of scores. */
  long count() {
    return sketch.getN();
  }

  /**
   * Returns the highest score that at least this share of all scores reach.
   *
   * @param share 0..1; 1 gives the lowest score
   * @throws IllegalStateException without scores
   */
  double reachedBy(double share) {
    if (sketch.isEmpty()) {
      throw new IllegalStateException("There are no scores");
    }
    return sketch.getQuantile(1 - share, QuantileSearchCriteria.EXCLUSIVE);
  }
}
