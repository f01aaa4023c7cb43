package io.histoflow.segmentation.thresholds;

import io.histoflow.datasets.OrganName;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The mask thresholds of one set of weights: a pooled one, and those of the organs with enough data
 * for one of their own.
 *
 * <p>With a level they are calibrated, and guarantee what {@link RiskControl} says: an organ's own
 * threshold for that organ, the pooled one only for the mixture of organs that it was calibrated
 * on, not for each of them. Without a level nothing is guaranteed.
 *
 * @param level highest expected false-negative rate, above 0 and below 1; empty where the
 *     thresholds are not calibrated
 * @param pooled for every organ without one of its own
 * @param organs by the organ's name: lower case, trimmed, 1 to {@value
 *     ClinSegNetConfig#MAX_ORGAN_LENGTH} characters; at most {@value ClinSegNetConfig#MAX_ORGANS}
 */
public record MaskThresholds(
    OptionalDouble level, MaskThreshold pooled, Map<String, MaskThreshold> organs) {

  /** Checks that the thresholds keep to the level, where there is one. */
  public MaskThresholds {
    Objects.requireNonNull(pooled, "pooled");
    organs = Collections.unmodifiableMap(new TreeMap<>(organs));
    if (organs.size() > ClinSegNetConfig.MAX_ORGANS) {
      throw new IllegalArgumentException(
          "at most %d organs have a mask threshold of their own, not %d"
              .formatted(ClinSegNetConfig.MAX_ORGANS, organs.size()));
    }
    for (String organ : organs.keySet()) {
      if (!isName(organ)) {
        throw new IllegalArgumentException(
            "the organ's name '" + organ + "' must be lower case, trimmed and not empty");
      }
    }
    requireLevelKept(level, "pooled", pooled);
    for (Map.Entry<String, MaskThreshold> organ : organs.entrySet()) {
      requireLevelKept(level, organ.getKey(), organ.getValue());
    }
  }

  /** Returns one threshold for every organ, which guarantees nothing. */
  public static MaskThresholds uncalibrated(double threshold) {
    return new MaskThresholds(
        OptionalDouble.empty(), MaskThreshold.uncalibrated(threshold), Map.of());
  }

  /**
   * Returns the organs' thresholds for other weights than they were calibrated on: the values stay,
   * the guarantee goes.
   *
   * @param pooledThreshold for every organ without one of its own, 0..1
   */
  public MaskThresholds carriedOver(double pooledThreshold) {
    Map<String, MaskThreshold> values = new TreeMap<>();
    organs.forEach((organ, own) -> values.put(organ, MaskThreshold.uncalibrated(own.threshold())));
    return new MaskThresholds(
        OptionalDouble.empty(), MaskThreshold.uncalibrated(pooledThreshold), values);
  }

  /**
   * Returns the probability above which a pixel of a tile is positive.
   *
   * @param organ as the scanner named it; one without a threshold of its own gets the pooled one
   */
  public double thresholdFor(String organ) {
    return restingOn(organ).threshold();
  }

  /** Returns the organ's threshold, its own or the pooled one, with what it rests on. */
  public MaskThreshold restingOn(String organ) {
    return organs.getOrDefault(OrganName.of(organ), pooled);
  }

  /**
   * Returns the rule by which thresholds in the place of these are to be chosen: with their level,
   * or the standard one where they have none.
   */
  public RiskControl control() {
    return new RiskControl(level.orElse(RiskControl.STANDARD_LEVEL));
  }

  /** Tells whether the organ has a threshold of its own. */
  public boolean isOwn(String organ) {
    return organs.containsKey(OrganName.of(organ));
  }

  /** Says in one sentence which thresholds there are and what they guarantee. */
  public String describe() {
    String own =
        organs.entrySet().stream()
            .map(organ -> organ.getKey() + " " + text(organ.getValue()))
            .collect(Collectors.joining(", "));
    if (level.isEmpty()) {
      return "Mask threshold %s%s, without a guarantee on recall."
          .formatted(text(pooled), own.isEmpty() ? " for every organ" : ", of their own " + own);
    }
    return "Expected false-negative rate at most %s: mask threshold %s%s."
        .formatted(
            number(level.getAsDouble()),
            text(pooled),
            own.isEmpty()
                ? " for every organ, none having enough data for one of its own"
                : ", of their own " + own + "; other organs have too little data");
  }

  /** Tells whether a model could store the name as it is. */
  public static boolean isName(String organ) {
    return !organ.isEmpty()
        && organ.length() <= ClinSegNetConfig.MAX_ORGAN_LENGTH
        && organ.equals(OrganName.of(organ));
  }

  private static void requireLevelKept(OptionalDouble level, String which, MaskThreshold at) {
    if (level.isEmpty()) {
      if (at.units() > 0) {
        throw new IllegalArgumentException(
            "the mask threshold '" + which + "' rests on units, but no level is given");
      }
    } else if (at.units() == 0
        || !new RiskControl(level.getAsDouble()).holds(at.units(), at.falseNegativeRate())) {
      throw new IllegalArgumentException(
          "the mask threshold '%s' of %d units with false-negative rate %s does not keep to %s"
              .formatted(which, at.units(), at.falseNegativeRate(), level.getAsDouble()));
    }
  }

  private static String text(MaskThreshold at) {
    return at.units() == 0
        ? number(at.threshold())
        : "%s (%d units)".formatted(number(at.threshold()), at.units());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
