package io.histoflow.evaluation.calibration;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.RiskControl;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Chooses mask thresholds by {@link RiskControl}: pooled over all units, and by organ where there
 * are enough. What they guarantee, and what not, stands there and at {@link MaskThresholds}.
 *
 * @param control the rule and its level
 * @param minimumUnits fewest units for which an organ gets a threshold of its own, 1 or more; on
 *     few units the rule holds only where next to nothing is missed, and the masks grow large
 */
public record Calibration(RiskControl control, int minimumUnits) {

  /** Fewest units of an organ unless others are asked for. */
  public static final int STANDARD_MINIMUM_UNITS = 20;

  /** Checks the number of units. */
  public Calibration {
    if (minimumUnits < 1) {
      throw new IllegalArgumentException(
          "a threshold of an organ's own needs at least 1 unit, not " + minimumUnits);
    }
  }

  /** Returns the standard: level 0.08, an organ's own threshold from 20 units on. */
  public static Calibration standard() {
    return new Calibration(new RiskControl(RiskControl.STANDARD_LEVEL), STANDARD_MINIMUM_UNITS);
  }

  /**
   * Chooses the thresholds.
   *
   * @param units of any organs; those without a positive pixel have nothing that can be missed and
   *     are left out
   * @return empty where even the pooled units allow none; {@link #whyNone} says why
   */
  public Optional<MaskThresholds> of(Collection<CalibrationUnit> units) {
    List<CalibrationUnit> counted =
        units.stream().filter(CalibrationUnit::hasPositivePixels).toList();
    return chosen(counted)
        .map(
            pooled ->
                new MaskThresholds(OptionalDouble.of(control.level()), pooled, ofOrgans(counted)));
  }

  /** Says in one sentence why {@link #of} gives no thresholds for these units. */
  public String whyNone(Collection<CalibrationUnit> units) {
    long counted = units.stream().filter(CalibrationUnit::hasPositivePixels).count();
    if (counted < control.fewestUnits()) {
      return String.format(
          Locale.ROOT,
          "%d images with a positive pixel are too few to keep the expected false-negative rate at"
              + " or under %s: at least %d are needed.",
          counted,
          control.level(),
          control.fewestUnits());
    }
    return String.format(
        Locale.ROOT,
        "No mask threshold keeps the expected false-negative rate at or under %s on these %d"
            + " images: the network gives too many positive pixels the probability 0.",
        control.level(),
        counted);
  }

  /** Returns the fewest units for which an organ gets a threshold of its own. */
  public int fewestUnitsOfAnOrgan() {
    return Math.max(minimumUnits, control.fewestUnits());
  }

  private Map<String, MaskThreshold> ofOrgans(List<CalibrationUnit> units) {
    Map<String, MaskThreshold> own = new TreeMap<>();
    units.stream()
        .filter(unit -> MaskThresholds.isName(unit.organ()))
        .collect(Collectors.groupingBy(CalibrationUnit::organ, TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .filter(organ -> organ.getValue().size() >= fewestUnitsOfAnOrgan())
        .sorted(Comparator.comparing(organ -> -organ.getValue().size()))
        .limit(ClinSegNetConfig.MAX_ORGANS)
        .forEach(organ -> chosen(organ.getValue()).ifPresent(at -> own.put(organ.getKey(), at)));
    return own;
  }

  private Optional<MaskThreshold> chosen(List<CalibrationUnit> units) {
    List<PrecisionRecallCurve> curves = units.stream().map(CalibrationUnit::curve).toList();
    OptionalDouble threshold = ControlledThreshold.threshold(control, curves);
    return threshold.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MaskThreshold(
                threshold.getAsDouble(),
                units.size(),
                ControlledThreshold.falseNegativeRate(curves, threshold.getAsDouble())));
  }
}
