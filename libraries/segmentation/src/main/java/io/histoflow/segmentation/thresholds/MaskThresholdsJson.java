package io.histoflow.segmentation.thresholds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Mask thresholds as JSON: {@code {"level", "pooled": {"threshold", "units", "falseNegativeRate"},
 * "organs": {"<organ>": {...}}}}. Level and rates are null where nothing was calibrated.
 */
public final class MaskThresholdsJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private MaskThresholdsJson() {}

  /** Returns the thresholds as a tree. */
  public static ObjectNode write(MaskThresholds thresholds) {
    Map<String, Rest> organs = new TreeMap<>();
    thresholds.organs().forEach((organ, at) -> organs.put(organ, Rest.of(at)));
    Double level =
        thresholds.level().isPresent() ? (Double) thresholds.level().getAsDouble() : null;
    return JSON.valueToTree(new Whole(level, Rest.of(thresholds.pooled()), organs));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException where it is no such JSON or its values cannot be used
   */
  public static MaskThresholds read(String json) {
    try {
      Whole whole = JSON.readValue(json, Whole.class);
      if (whole == null
          || whole.pooled == null
          || whole.organs == null
          || whole.organs.containsValue(null)) {
        throw new IllegalArgumentException("the mask thresholds lack the pooled or an organ's one");
      }
      Map<String, MaskThreshold> organs = new TreeMap<>();
      whole.organs.forEach((organ, at) -> organs.put(organ, at.toThreshold()));
      return new MaskThresholds(
          whole.level == null ? OptionalDouble.empty() : OptionalDouble.of(whole.level),
          whole.pooled.toThreshold(),
          organs);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the mask thresholds are no JSON that can be used: " + e.getOriginalMessage(), e);
    }
  }

  private record Whole(Double level, Rest pooled, Map<String, Rest> organs) {}

  private record Rest(double threshold, int units, Double falseNegativeRate) {

    static Rest of(MaskThreshold at) {
      return new Rest(
          at.threshold(), at.units(), at.units() == 0 ? null : (Double) at.falseNegativeRate());
    }

    MaskThreshold toThreshold() {
      return new MaskThreshold(
          threshold, units, falseNegativeRate == null ? Double.NaN : falseNegativeRate);
    }
  }
}
