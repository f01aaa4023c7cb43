package io.histoflow.segmentation.checkpoint;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is known of a checkpoint beside its tensors.
 *
 * @param version of the decoder weights: 0 as trained, then counting up with every fine-tuning
 * @param maskThreshold probability above which a pixel is positive, 0..1
 * @param trainingData what the weights were trained on, for people
 * @param licence under which the weights may be used, for people
 * @param metrics measured figures by name, for example {@code validation.recall}
 */
public record CheckpointMetadata(
    long version,
    double maskThreshold,
    String trainingData,
    String licence,
    Map<String, Double> metrics) {

  private static final int LONGEST_TEXT = 2000;

  /** Checks every field. */
  public CheckpointMetadata {
    Objects.requireNonNull(trainingData, "trainingData");
    Objects.requireNonNull(licence, "licence");
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    if (version < 0) {
      throw new IllegalArgumentException("the version must be 0 or more, not " + version);
    }
    if (!(maskThreshold >= 0 && maskThreshold <= 1)) {
      throw new IllegalArgumentException(
          "the mask threshold must be in 0..1, not " + maskThreshold);
    }
    if (trainingData.length() > LONGEST_TEXT || licence.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "training data and licence may have at most %d characters".formatted(LONGEST_TEXT));
    }
    if (metrics.values().stream().anyMatch(value -> !Double.isFinite(value))) {
      throw new IllegalArgumentException("a metric must be a finite number");
    }
  }

  /** Returns the same with another version and mask threshold. */
  public CheckpointMetadata with(long newVersion, double newMaskThreshold) {
    return new CheckpointMetadata(newVersion, newMaskThreshold, trainingData, licence, metrics);
  }
}
