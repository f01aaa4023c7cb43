package io.histoflow.topology.routing;

import io.histoflow.topology.summaries.Sketches;
import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * The latest scores of an organ. A sketch cannot forget, so there are two: when the newer one holds
 * half a window it becomes the older one, and what was older is forgotten.
 */
final class RollingSketch {
  private final int window;
  private KllDoublesSketch older;
  private KllDoublesSketch newer;

  RollingSketch(int window) {
    this(window, Sketches.empty(), Sketches.empty());
  }

  RollingSketch(int window, KllDoublesSketch older, KllDoublesSketch newer) {
    this.window = window;
    this.older = older;
    this.newer = newer;
  }

  void add(double score) {
    newer.update(score);
    rotate();
  }

  void add(KllDoublesSketch scores) {
    newer.merge(scores);
    rotate();
  }

  long count() {
    return older.getN() + newer.getN();
  }

  KllDoublesSketch older() {
    return older;
  }

  KllDoublesSketch newer() {
    return newer;
  }

  private void rotate() {
    if (newer.getN() >= window / 2) {
      older = newer;
      newer = Sketches.empty();
    }
  }
}
