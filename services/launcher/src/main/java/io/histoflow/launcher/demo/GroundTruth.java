package io.histoflow.launcher.demo;

import io.histoflow.datasets.Sample;
import io.histoflow.imaging.Mask;
import java.util.Map;

/**
 * The true masks of slides that may be corrected; it knows nothing of held-out slides.
 *
 * @param samples by slide id
 */
record GroundTruth(Map<String, Sample> samples) {
  /** Copies. */
  GroundTruth {
    samples = Map.copyOf(samples);
  }

  /** Whether the slide's truth is known. */
  boolean knows(String slideId) {
    return samples.containsKey(slideId);
  }

  /** The true mask of one tile, in level-0 pixels of its slide. */
  Mask mask(String slideId, int x, int y, int width, int height) {
    return samples.get(slideId).load().mask().crop(x, y, width, height);
  }
}
