package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.Mask;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Gate GATE = new Gate(3, 0.05, 0.01);

  // Ten pixels, the first five of them positive in truth.
  private static final Mask TRUTH = Mask.of(10, 1, new byte[] {1, 1, 1, 1, 1, 0, 0, 0, 0, 0});

  /** At 0.5: four found, three rightly; precision 0.75, recall 0.6. */
  private static final Measurement PARENT =
      measured(3, .9f, .8f, .7f, .3f, .2f, .6f, .4f, .1f, .1f, .1f);

  @Test
  void shouldAcceptACandidateThatFindsMoreAtTheSamePrecision() {
    // Given all five found before the first wrong pixel
    Measurement better = measured(3, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f);
    // When
    Gate.Ruling ruling = judge(PARENT, 0.5, better);
    // Then
    assertThat(ruling.accepted()).isTrue();
    assertThat(ruling.reason())
        .isEqualTo(
            "Accepted: at precision 0.7500 recall rose from 0.6000 to 1.0000 on 3 held-out"
                + " corrections (95 % interval of the change +0.4000 to +0.4000). On the guard set"
                + " (3 tiles) recall at precision 0.7500 stayed at 0.6000.");
    assertThat(ruling.before().getRecall()).isEqualTo(0.6);
    assertThat(ruling.before().getPrecision()).isEqualTo(0.75);
    assertThat(ruling.before().getRecallAtMatchedPrecision()).isCloseTo(0.6, within(1e-9));
    assertThat(ruling.after().getRecall()).as("at its own threshold").isEqualTo(1.0);
    assertThat(ruling.change().getTiles()).isEqualTo(3);
    assertThat(ruling.change().getChange()).isCloseTo(0.4, within(1e-9));
    assertThat(ruling.guardChange().getChange()).isZero();
    assertThat(ruling.after().getRecallAtMatchedPrecision()).isEqualTo(1.0);
    // Below 0.4 come five right and one wrong (0.83), below 0.3 two wrong (0.71): it lies at 0.3.
    assertThat(ruling.after().getThreshold()).isBetween(0.1, 0.301);
  }

  @Test
  void shouldNotTakeAMereShiftOfTheProbabilitiesForAGain() {
    // Given the parent's probabilities, all raised: recall at 0.5 rises to 1
    Measurement shifted = measured(3, .98f, .96f, .94f, .86f, .84f, .92f, .88f, .55f, .55f, .55f);
    // When
    Gate.Ruling ruling = judge(PARENT, 0.5, shifted);
    // Then it finds no more at a threshold that undoes the shift
    assertThat(ruling.after().getRecall()).isEqualTo(0.6);
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason()).startsWith("Refused: ").contains("recall stayed at 0.6000");
    assertThat(ruling.after().getThreshold()).isBetween(0.87, 0.92);
  }

  @Test
  void shouldRefuseACandidateThatFindsLessAtTheSamePrecision() {
    // Given
    Measurement worse = measured(3, .9f, .8f, .05f, .05f, .05f, .6f, .4f, .3f, .3f, .3f);
    // When
    Gate.Ruling ruling = judge(PARENT, 0.5, worse);
    // Then
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason()).startsWith("Refused: at precision 0.7500 recall");
  }

  @Test
  void shouldRefuseACandidateThatNeverReachesTheParentsPrecision() {
    // Given wrong pixels above all right ones
    Measurement hopeless = measured(3, .5f, .5f, .5f, .5f, .5f, .9f, .9f, .9f, .9f, .9f);
    // When
    Gate.Ruling ruling = judge(PARENT, 0.5, hopeless);
    // Then
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.after().getRecallAtMatchedPrecision()).isZero();
    assertThat(ruling.reason()).contains("fell from 0.6000 to 0.0000");
  }

  @Test
  void shouldRefuseToJudgeOnTooFewHeldOutCorrections() {
    // Given
    Measurement two = new Measurement(PARENT.tiles().subList(0, 2));
    // When
    Gate.Ruling ruling = judge(two, 0.5, two);
    // Then
    assertThat(GATE.canJudge(2)).isFalse();
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason()).contains("2 held-out corrections", "at least 3");
  }

  @Test
  void shouldRefuseToJudgeWhereNothingIsPositive() {
    // Given
    Mask nothing = Mask.of(10, 1, new byte[10]);
    Measurement empty = measured(5, PrecisionRecallCurve.of(new float[10], nothing));
    // When
    Gate.Ruling ruling = judge(empty, 0.5, empty);
    // Then
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason()).contains("positive pixel");
    assertThat(ruling.before().getRecall()).isNull();
  }

  @Test
  void shouldGoByAveragePrecisionWhereTheParentIsNoBetterThanChance() {
    // Given
    Measurement blind = measured(3, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f);
    // When
    Gate.Ruling better = judge(blind, 0.5, PARENT);
    Gate.Ruling same = judge(blind, 0.5, blind);
    Gate.Ruling afterEverything = judge(blind, 0.1, PARENT);
    // Then
    assertThat(better.accepted()).isTrue();
    assertThat(better.reason()).contains("average precision rose from 0.5000 to 0.8");
    // All five found and two wrong (Dice 10/12) lie above every threshold from 0.1 to below 0.2.
    assertThat(better.after().getThreshold()).isBetween(0.1, 0.2);
    assertThat(same.accepted()).isFalse();
    assertThat(afterEverything.accepted()).isTrue();
  }

  @Test
  void shouldRefuseAGainThatChanceCouldTurnIntoALoss() {
    // Given two tiles on which the candidate finds everything and one on which it finds little
    Measurement parent = tiles(PARENT, PARENT, PARENT);
    Measurement candidate =
        tiles(
            measured(1, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f),
            measured(1, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f),
            measured(1, .9f, .3f, .2f, .2f, .2f, .6f, .4f, .1f, .1f, .1f));
    Gate lenient = new Gate(2, 1, 0.01);
    Gate strict = new Gate(2, 0.05, 0.01);
    // When
    Gate.Ruling trusted = judge(lenient, parent, 0.5, candidate, PARENT);
    Gate.Ruling refused = judge(strict, parent, 0.5, candidate, PARENT);
    // Then
    assertThat(refused.change().getChange()).isPositive();
    assertThat(refused.change().getLow()).isLessThan(-0.05);
    assertThat(trusted.accepted()).isTrue();
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.reason()).startsWith("Refused: ").contains("which may be below -0.05");
  }

  @Test
  void shouldRefuseACandidateThatForgotWhatTheGuardSetAsks() {
    // Given more found on the held-out corrections, less on the guard set
    Measurement better = measured(3, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f);
    Measurement forgot = measured(3, .9f, .8f, .05f, .05f, .05f, .6f, .4f, .3f, .3f, .3f);
    // When
    Gate.Ruling ruling = judge(GATE, PARENT, 0.5, better, forgot);
    // Then
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason())
        .contains("On the guard set (3 tiles) recall at precision 0.7500 fell from 0.6000 to")
        .endsWith(", more than the 0.01 allowed.");
    assertThat(ruling.guardChange().getChange()).isNegative();
  }

  @Test
  void shouldNotLetAGuardSetDecideOnWhichTheParentIsNoBetterThanChance() {
    // Given
    Measurement better = measured(3, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f);
    Measurement blind = measured(3, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f);
    // When
    Gate.Ruling ruling =
        GATE.judge(
            new Comparison(PARENT, 0.5, better), 0.3, guard(new Comparison(blind, 0.5, blind)));
    // Then
    assertThat(ruling.accepted()).isTrue();
    assertThat(ruling.reason()).contains("it guards nothing");
    assertThat(ruling.guardChange().getChange()).isNull();
  }

  @Test
  void shouldRefuseACandidateWhoseLossesOnTheGuardSetHaveAddedUp() {
    // Given as good as its parent, which has forgotten what the shipped weights knew
    Measurement shipped = measured(3, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f);
    Measurement better = measured(3, .9f, .8f, .7f, .6f, .5f, .4f, .3f, .1f, .1f, .1f);
    GuardComparison guard =
        new GuardComparison(
            "3 tiles",
            new Comparison(PARENT, 0.5, PARENT),
            Optional.of(new Comparison(shipped, 0.45, PARENT)));
    // When
    Gate.Ruling ruling = GATE.judge(new Comparison(PARENT, 0.5, better), 0.3, guard);
    // Then
    assertThat(ruling.accepted()).isFalse();
    assertThat(ruling.reason())
        .contains(
            "recall at precision 0.7500 stayed at 0.6000; beside the weights that shipped it at"
                + " precision 1.0000 fell from 1.0000 to 0.6000, more than the 0.01 allowed.");
    assertThat(ruling.guardChange().getChange()).isZero();
  }

  private static Gate.Ruling judge(Measurement parent, double threshold, Measurement candidate) {
    return judge(GATE, parent, threshold, candidate, PARENT);
  }

  private static Gate.Ruling judge(
      Gate gate,
      Measurement parent,
      double threshold,
      Measurement candidate,
      Measurement candidateOnGuard) {
    Comparison comparison = new Comparison(parent, threshold, candidate);
    return gate.judge(
        comparison,
        comparison.candidateThreshold(),
        guard(new Comparison(PARENT, 0.5, candidateOnGuard)));
  }

  private static GuardComparison guard(Comparison withParent) {
    return new GuardComparison("3 tiles", withParent, Optional.empty());
  }

  private static Measurement tiles(Measurement... measurements) {
    return new Measurement(
        Arrays.stream(measurements).map(measurement -> measurement.tiles().get(0)).toList());
  }

  private static Measurement measured(int images, float... probabilities) {
    return measured(images, PrecisionRecallCurve.of(probabilities, TRUTH));
  }

  private static Measurement measured(int images, PrecisionRecallCurve each) {
    return new Measurement(Collections.nCopies(images, new CalibrationUnit("kidney", each)));
  }
}
