package io.histoflow.topology.routing;

import java.util.Optional;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.apache.datasketches.quantilescommon.QuantilesDoublesSketchIterator;

/** A distribution of routing scores, as a sketch. */
final class ScoreDistribution {
  /**
   * The library rounds ranks to whole scores, and its quantiles count the lowest score in even
   * where the sketch holds it no more: one each, and a little for the arithmetic.
   */
  private static final double ROUNDING = 2.5;

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
   * Says that a score is certainly lower than {@link #reachedBy}: one look at each value that the
   * sketch holds, where the quantile has to sort them. A score of which it does not say so may be
   * lower still.
   *
   * @param share 0..1
   */
  boolean isClearlyBelow(double score, double share) {
    long notAbove = 0;
    for (QuantilesDoublesSketchIterator values = sketch.iterator(); values.next(); ) {
      notAbove += values.getQuantile() <= score ? values.getWeight() : 0;
    }
    return notAbove < (1 - share) * count() - ROUNDING;
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
