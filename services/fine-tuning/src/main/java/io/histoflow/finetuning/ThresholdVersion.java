package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.time.Instant;
import java.util.Optional;

/**
 * Thresholds as a version like any other: the network of the weights in force, and a decision. The
 * network stays as it is, so whoever compares at equal precision, as the gate does, sees no change.
 *
 * @param rounds those before it
 * @param by who wants it, and why, as the decision says it
 * @param at when
 */
record ThresholdVersion(RoundHistory rounds, String by, Instant at) {

  /**
   * Returns what is published of a proposal.
   *
   * @param proposal where it has no thresholds, the decision says why
   * @param version the next that is free
   */
  FineTuningRound.Outcome of(ThresholdProposal proposal, long version) {
    DecoderDecision.Builder decision =
        DecoderDecision.newBuilder()
            .setModelId(proposal.measured().inForce().modelId())
            .setRound(rounds.lastRound() + 1)
            .setParentVersion(proposal.version())
            .setAccepted(proposal.after().isPresent())
            .setExamplesUsed(0)
            // These weights know what their network has learned from, and no more.
            .setCorrectionOffsets(rounds.offsetsKnownTo(proposal.version()))
            .setCalibrationOffsets(RoundHistory.named(proposal.measured().known()))
            .setDecidedAt(at);
    if (proposal.after().isEmpty()) {
      return new FineTuningRound.Outcome(
          decision
              .setReason(
                  "Not recalibrated %s on %d audited tiles: %s"
                      .formatted(by, proposal.tiles(), proposal.reason()))
              .build(),
          Optional.empty());
    }
    DecoderWeights weights = weights(proposal, proposal.after().get(), version);
    return new FineTuningRound.Outcome(
        decision
            .setCandidateVersion(version)
            .setReason(
                "Recalibrated on %d audited tiles %s: the network is that of version %d. %s"
                    .formatted(proposal.tiles(), by, proposal.version(), proposal.reason()))
            .setBefore(weights.getBefore())
            .setAfter(weights.getAfter())
            .build(),
        Optional.of(weights));
  }

  private DecoderWeights weights(
      ThresholdProposal proposal, MaskThresholds thresholds, long version) {
    Checkpoint network = proposal.measured().inForce();
    Measurement measurement = proposal.measured().measurement();
    return Publication.weights(network, version, proposal.version(), thresholds, at)
        .setBefore(
            Gate.quality(
                measurement, proposal.before().pooled().threshold(), Double.NaN, Double.NaN))
        .setAfter(
            Gate.quality(measurement, thresholds.pooled().threshold(), Double.NaN, Double.NaN))
        .setExamplesUsed(0)
        .build();
  }
}
