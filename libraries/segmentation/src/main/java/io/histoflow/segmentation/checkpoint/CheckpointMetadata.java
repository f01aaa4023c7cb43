package io.histoflow.segmentation.checkpoint;

import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What is known of a checkpoint beside its tensors.
 *
 * @param version of the decoder weights: 0 as trained, then counting up with every fine-tuning
 * @param thresholds probabilities above which a pixel is positive, pooled and by organ
 * @param trainingData what the weights were trained on, for people
 * @param licence under which the weights may be used, for people
 * @param metrics measured figures by name, for example {@code validation.recall}
 * @param micronsPerPixel of the images that the weights were trained on, micrometres, above 0;
 *     empty where nobody said so
 */
public record CheckpointMetadata(
    long version,
    MaskThresholds thresholds,
    String trainingData,
    String licence,
    Map<String, Double> metrics,
    OptionalDouble micronsPerPixel) {

  private static final int LONGEST_TEXT = 2000;

  /** Checks every field. */
  public CheckpointMetadata {
    Objects.requireNonNull(thresholds, "thresholds");
    Objects.requireNonNull(trainingData, "trainingData");
    Objects.requireNonNull(licence, "licence");
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    if (version < 0) {
      throw new IllegalArgumentException("the version must be 0 or more, not " + version);
    }
    if (trainingData.length() > LONGEST_TEXT || licence.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "training data and licence may have at most %d characters".formatted(LONGEST_TEXT));
    }
    if (metrics.values().stream().anyMatch(value -> !Double.isFinite(value))) {
      throw new IllegalArgumentException("a metric must be a finite number");
    }
    if (micronsPerPixel.isPresent()
        && !(micronsPerPixel.getAsDouble() > 0
            && micronsPerPixel.getAsDouble() <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "micrometres per pixel must be a number above 0, not " + micronsPerPixel.getAsDouble());
    }
  }

  /** Describes weights of which nobody said how large the pixels were that they learned from. */
  public CheckpointMetadata(
      long version,
      MaskThresholds thresholds,
      String trainingData,
      String licence,
      Map<String, Double> metrics) {
    this(version, thresholds, trainingData, licence, metrics, OptionalDouble.empty());
  }

  /**
   * Describes weights with one mask threshold for every organ, which guarantees nothing.
   *
   * @param maskThreshold probability above which a pixel is positive, 0..1
   */
  public CheckpointMetadata(
      long version,
      double maskThreshold,
      String trainingData,
      String licence,
      Map<String, Double> metrics) {
    this(version, MaskThresholds.uncalibrated(maskThreshold), trainingData, licence, metrics);
  }

  /** Returns the pooled mask threshold. */
  public double maskThreshold() {
    return thresholds.pooled().threshold();
  }

  /** Returns the same for weights that learned from pixels of a known size, in micrometres. */
  public CheckpointMetadata withMicronsPerPixel(double size) {
    return new CheckpointMetadata(
        version, thresholds, trainingData, licence, metrics, OptionalDouble.of(size));
  }

  /** Returns the same with another version and one uncalibrated mask threshold. */
  public CheckpointMetadata with(long newVersion, double newMaskThreshold) {
    return with(newVersion, MaskThresholds.uncalibrated(newMaskThreshold));
  }

  /** Returns the same with another version and other mask thresholds. */
  public CheckpointMetadata with(long newVersion, MaskThresholds newThresholds) {
    return new CheckpointMetadata(
        newVersion, newThresholds, trainingData, licence, metrics, micronsPerPixel);
  }
}
