package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.PublishedThresholds;
import io.histoflow.weights.versions.WeightRecords;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What is published of a round, in one transaction: the decision and, where it was accepted, the
 * weights in the archive and, unless they are held back, as those in force.
 *
 * @param decision as it goes on record
 * @param accepted the accepted weights; empty where they were refused
 */
record Publication(DecoderDecision decision, Optional<DecoderWeights> accepted) {

  /**
   * Completes an outcome by what is known only now.
   *
   * @param outcome of a round, or of thresholds measured anew
   * @param whyHeldBack why weights may not come into force, a sentence; empty where they may
   */
  static Publication of(FineTuningRound.Outcome outcome, Optional<String> whyHeldBack) {
    DecoderDecision decision = outcome.decision();
    if (outcome.weights().isEmpty() || whyHeldBack.isEmpty()) {
      return new Publication(decision, outcome.weights());
    }
    return new Publication(
        RecordCopy.with(
            decision,
            Map.of(
                "heldBack",
                whyHeldBack.get(),
                "reason",
                decision.getReason() + " Archived and not put in force: " + whyHeldBack.get())),
        outcome.weights());
  }

  /** As the other, and says how far reviewers agree. */
  static Publication of(
      FineTuningRound.Outcome outcome, Optional<String> whyHeldBack, ReviewerAgreement agreement) {
    Publication publication = of(outcome, whyHeldBack);
    return new Publication(
        RecordCopy.with(
            publication.decision,
            Map.of(
                "tilesJudgedBySeveral",
                agreement.judgedBySeveral(),
                "tilesDisagreedOn",
                agreement.disagreedOn())),
        publication.accepted);
  }

  /**
   * Begins the record of weights: who learned from how much, and how they do, is still to be said.
   *
   * @param network whose decoder is published
   * @param version its own
   * @param parentVersion that of the weights it came of
   * @param thresholds from which of its probabilities on a pixel is positive
   */
  static DecoderWeights.Builder weights(
      Checkpoint network, long version, long parentVersion, MaskThresholds thresholds, Instant at) {
    byte[] safetensors = network.decoderSafetensors();
    return DecoderWeights.newBuilder()
        .setModelId(network.modelId())
        .setVersion(version)
        .setParentVersion(parentVersion)
        .setEncoderFingerprint(network.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(thresholds.pooled().threshold())
        .setCalibration(PublishedThresholds.write(thresholds))
        .setCreatedAt(at);
  }

  /** Returns the weights that come into force. */
  Optional<DecoderWeights> inForce() {
    return decision.getHeldBack() == null ? accepted : Optional.empty();
  }

  /** Returns the records of the transaction. */
  List<ProducerRecord<byte[], byte[]>> records(WeightRecords records) {
    return accepted.isPresent()
        ? records.accepted(accepted.get(), decision, decision.getHeldBack() != null)
        : List.of(records.decision(decision));
  }
}
