package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.training.FineTuning;
import io.histoflow.weights.ProbeAnswers;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One round: train the candidate, measure it and its parent on the held-out corrections and the
 * guard set, recalibrate it, and let the gate decide. Writes no topic.
 */
record FineTuningRound(Checkpoint shipped, FineTuningOptions options, InstantSource clock) {
  private static final String NONE_TO_TRAIN_ON =
      "Refused without training: every new correction is held out, none to train on.";

  /**
   * What a round leads to.
   *
   * @param decision what the gate said
   * @param weights the accepted weights; empty where they were refused
   */
  record Outcome(DecoderDecision decision, Optional<DecoderWeights> weights) {}

  /**
   * Runs a round.
   *
   * @param corrections reads those that are planned
   * @param progress hears of each step; where it throws, the round ends
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  Outcome run(RoundPlan plan, CorrectionSource corrections, ProgressListener progress)
      throws ImageRejectedException {
    Gate gate = options.gate();
    Compute compute = options.model().compute();
    if (!gate.canJudge(plan.heldOut().size())) {
      return refused(plan, "Refused without training: " + gate.tooFew(plan.heldOut().size()));
    }
    if (plan.fresh().isEmpty()) {
      return refused(plan, NONE_TO_TRAIN_ON);
    }
    List<TileSource> judges = corrections.heldOut(plan.heldOut(), progress);
    if (!gate.canJudge(judges.size())) {
      return refused(plan, "Refused without training: " + gate.tooFew(judges.size()));
    }
    GuardSet guard = options.guard().orAudited(options.guardAudited(), audited(plan), judges);
    List<LabelledTile> fresh = corrections.decoded(plan.fresh(), shipped.resolution(), progress);
    if (fresh.isEmpty()) {
      return refused(plan, NONE_TO_TRAIN_ON);
    }
    TileEvaluation heldOut = new TileEvaluation(judges, compute);
    TileEvaluation guarded = new TileEvaluation(guard.tiles(), compute);
    Measurement parent = heldOut.of(plan.parent(), "measure the parent", progress);
    Measurement guardedParent = guarded.of(plan.parent(), "guard the parent", progress);
    Checkpoint candidate =
        FineTuning.run(
                plan.parent(),
                fresh,
                corrections.decoded(plan.replay(), shipped.resolution(), progress),
                options.training(),
                compute,
                progress)
            .candidate();
    double threshold = plan.parent().maskThreshold();
    Comparison comparison =
        new Comparison(parent, threshold, heldOut.of(candidate, "measure the candidate", progress));
    Measurement guardedCandidate = guarded.of(candidate, "guard the candidate", progress);
    GuardComparison guardComparison =
        new GuardComparison(
            guard.about(),
            new Comparison(guardedParent, threshold, guardedCandidate),
            withShipped(plan.parent(), guarded, guardedCandidate, progress));
    Recalibration.Choice choice =
        new Recalibration(options.calibration(shipped))
            .choose(
                plan.parent().thresholds(),
                comparison.candidateThreshold(),
                comparison.candidate());
    Gate.Ruling ruling =
        gate.judge(comparison, choice.thresholds().pooled().threshold(), guardComparison);
    return outcome(plan, fresh.size(), candidate, guard.about(), ruling, choice);
  }

  private static Set<String> audited(RoundPlan plan) {
    return plan.heldOut().stream()
        .filter(Correction::audited)
        .map(Correction::tileId)
        .collect(Collectors.toSet());
  }

  private Optional<Comparison> withShipped(
      Checkpoint parent, TileEvaluation guarded, Measurement candidate, ProgressListener progress)
      throws ImageRejectedException {
    if (parent.version() == shipped.version()) {
      return Optional.empty();
    }
    Measurement before = guarded.of(shipped, "guard the weights that shipped", progress);
    return Optional.of(new Comparison(before, shipped.maskThreshold(), candidate));
  }

  /** Puts a round on record that ended by an error. */
  Outcome failed(RoundPlan plan, Exception why) {
    return refused(plan, "Refused: the round failed: " + Sentences.of(why));
  }

  private Outcome outcome(
      RoundPlan plan,
      int examples,
      Checkpoint candidate,
      String guardSet,
      Gate.Ruling ruling,
      Recalibration.Choice choice) {
    Instant now = clock.instant();
    DecoderDecision.Builder decision =
        decision(plan, examples, now)
            .setAccepted(ruling.accepted())
            .setReason(ruling.reason())
            .setBefore(ruling.before())
            .setAfter(ruling.after())
            .setChange(ruling.change())
            .setGuardSet(guardSet)
            .setGuardChange(ruling.guardChange());
    if (!ruling.accepted()) {
      return new Outcome(decision.build(), Optional.empty());
    }
    DecoderWeights weights = weights(plan, examples, candidate, ruling, choice.thresholds(), now);
    Optional<String> why = whyNobodyWouldRunThem(weights, plan.parent());
    if (why.isPresent()) {
      return new Outcome(
          decision
              .setAccepted(false)
              .setReason("Refused: the candidate passed, but no worker would run it. " + why.get())
              .build(),
          Optional.empty());
    }
    return new Outcome(
        decision
            .setCandidateVersion(plan.candidateVersion())
            .setReason(ruling.reason() + " " + choice.reason())
            .build(),
        Optional.of(weights));
  }

  /** What workers ask of weights before they run them. */
  private Optional<String> whyNobodyWouldRunThem(DecoderWeights weights, Checkpoint parent) {
    try {
      Checkpoint candidate = new WeightsVerifier(shipped).verify(weights);
      List<String> organs = candidate.config().organs();
      ProbeAnswers answers = answers(candidate, organs);
      return answers
          .whyImplausible(answers(parent, organs))
          .filter(why -> answers.whyImplausible(answers(shipped, organs)).isPresent())
          .map("Asked about fixed tiles, %s."::formatted);
    } catch (WeightsRejectedException e) {
      return Optional.of(e.getMessage());
    }
  }

  private ProbeAnswers answers(Checkpoint checkpoint, List<String> organs) {
    try (Segmenter segmenter = Segmenter.open(checkpoint, options.model().compute())) {
      return ProbeAnswers.of(segmenter, organs);
    }
  }

  private Outcome refused(RoundPlan plan, String reason) {
    return new Outcome(
        decision(plan, 0, clock.instant()).setAccepted(false).setReason(reason).build(),
        Optional.empty());
  }

  private static DecoderDecision.Builder decision(RoundPlan plan, int examples, Instant now) {
    return DecoderDecision.newBuilder()
        .setModelId(plan.parent().modelId())
        .setRound(plan.round())
        .setParentVersion(plan.parent().version())
        .setExamplesUsed(examples)
        .setCorrectionOffsets(RoundHistory.named(plan.known()))
        .setDecidedAt(now);
  }

  private static DecoderWeights weights(
      RoundPlan plan,
      int examples,
      Checkpoint candidate,
      Gate.Ruling ruling,
      MaskThresholds thresholds,
      Instant now) {
    return Publication.weights(
            candidate, plan.candidateVersion(), plan.parent().version(), thresholds, now)
        .setBefore(ruling.before())
        .setAfter(ruling.after())
        .setExamplesUsed(examples)
        .build();
  }
}
