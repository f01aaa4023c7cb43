package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.weights.versions.WeightRecords;
import java.util.HashMap;
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
   * Completes a round's outcome by what is known only now.
   *
   * @param outcome the round's outcome
   * @param whyHeldBack why weights may not come into force, a sentence; empty where they may
   * @param agreement how far reviewers agree
   */
  static Publication of(
      FineTuningRound.Outcome outcome, Optional<String> whyHeldBack, ReviewerAgreement agreement) {
    Map<String, Object> known = new HashMap<>();
    known.put("tilesJudgedBySeveral", agreement.judgedBySeveral());
    known.put("tilesDisagreedOn", agreement.disagreedOn());
    if (outcome.weights().isPresent() && whyHeldBack.isPresent()) {
      String reason = outcome.decision().getReason();
      known.put("heldBack", whyHeldBack.get());
      known.put("reason", reason + " Archived and not put in force: " + whyHeldBack.get());
    }
    return new Publication(RecordCopy.with(outcome.decision(), known), outcome.weights());
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
