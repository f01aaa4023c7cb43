package io.histoflow.finetuning;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.evaluation.calibration.ControlledThreshold;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.RiskControl;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lowers mask thresholds without being asked, where audited tiles show that those in force do not
 * keep the level. A threshold is never raised, so a mask never shrinks and nothing that was found
 * is missed from now on: that is for people, who see what it costs. At the lower of two thresholds
 * no more is missed than at the other, so the bound of the one holds for it as well.
 *
 * @param options when it is due
 * @param rule for the thresholds
 */
record AutomaticCalibration(FineTuningOptions options, Calibration rule, InstantSource clock) {

  /** Says why there are no thresholds to be published. */
  private static final class KeptException extends Exception {
    private static final long serialVersionUID = 1L;

    KeptException(String why) {
      super(why);
    }
  }

  /** Tells whether enough tiles that chance drew were read since thresholds were last measured. */
  boolean isDue(CorrectionStore corrections, RoundHistory rounds) {
    return options.recalibrateAfter() > 0
        && corrections.count(tile -> tile.audited() && !rounds.isKnownToCalibration(tile)).count()
            >= options.recalibrateAfter();
  }

  /**
   * Measures the weights in force, and returns a version with lower thresholds or why there is
   * none.
   *
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  FineTuningRound.Outcome run(
      ModelLog model,
      CorrectionStore corrections,
      CorrectionSource source,
      ProgressListener progress)
      throws ImageRejectedException {
    ThresholdProposal proposal =
        new AuditedThresholds(options, rule)
            .propose(model.weights().current(), model.rounds(), corrections, source, progress);
    return new ThresholdVersion(
            model.rounds(),
            "as " + FineTuningOptions.RECALIBRATE.name() + " asks for",
            clock.instant())
        .of(lowered(proposal), model.weights().nextVersion());
  }

  /** Returns the proposal with no threshold above the one in force, or with none and why. */
  static ThresholdProposal lowered(ThresholdProposal proposal) {
    if (proposal.after().isEmpty()) {
      return proposal;
    }
    try {
      MaskThresholds lowered =
          lowered(
              proposal.before(),
              proposal.after().get(),
              proposal.measured().measurement().positive());
      return proposal.with(Optional.of(lowered), AuditedThresholds.restsOn(lowered));
    } catch (KeptException e) {
      return proposal.with(Optional.empty(), e.getMessage());
    }
  }

  private static MaskThresholds lowered(
      MaskThresholds before, MaskThresholds after, List<CalibrationUnit> units)
      throws KeptException {
    double level = after.level().orElseThrow();
    MaskThreshold pooled = lower(before.pooled(), after.pooled(), units);
    Map<String, MaskThreshold> organs = new TreeMap<>();
    boolean changes = pooled.threshold() < before.pooled().threshold();
    Set<String> names = new TreeSet<>(before.organs().keySet());
    names.addAll(after.organs().keySet());
    for (String organ : names) {
      MaskThreshold old = before.restingOn(organ);
      if (after.isOwn(organ)) {
        organs.put(
            organ,
            lower(
                old,
                after.restingOn(organ),
                units.stream().filter(unit -> unit.organ().equals(organ)).toList()));
      } else if (pooled.threshold() <= old.threshold()) {
        // It has too few audited tiles for one of its own, and the pooled one finds no less.
        changes |= pooled.threshold() < old.threshold();
      } else if (keeps(level, old)) {
        organs.put(organ, old);
      } else {
        throw new KeptException(
            String.format(
                Locale.ROOT,
                "%s has a mask threshold of its own, %.3f, that rests on no calibration, and too few"
                    + " audited tiles for another one; the pooled one, %.3f, would find less of it."
                    + " Run 'histoflow weights calibrate' and decide.",
                organ,
                old.threshold(),
                pooled.threshold()));
      }
    }
    for (Map.Entry<String, MaskThreshold> organ : organs.entrySet()) {
      changes |= organ.getValue().threshold() < before.thresholdFor(organ.getKey());
    }
    if (!changes) {
      throw new KeptException(
          "at the mask thresholds in force the expected false-negative rate is at most %s."
              .formatted(level));
    }
    return new MaskThresholds(after.level(), pooled, organs);
  }

  private static MaskThreshold lower(
      MaskThreshold old, MaskThreshold controlled, List<CalibrationUnit> units) {
    if (old.threshold() >= controlled.threshold()) {
      return controlled;
    }
    List<PrecisionRecallCurve> curves = units.stream().map(CalibrationUnit::curve).toList();
    return new MaskThreshold(
        old.threshold(),
        curves.size(),
        ControlledThreshold.falseNegativeRate(curves, old.threshold()));
  }

  /** The network is the same, so what its thresholds were calibrated on still holds. */
  private static boolean keeps(double level, MaskThreshold old) {
    return old.units() > 0 && new RiskControl(level).holds(old.units(), old.falseNegativeRate());
  }
}
