package io.histoflow.weights.testing;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts weights in force as fine-tuning does: archive, decision and weights in one transaction. */
public final class Acceptance {
  private Acceptance() {}

  /** Puts weights in force. */
  public static void publish(KafkaClients clients, DecoderWeights weights) {
    publish(clients, WeightsKeys.none(), weights);
  }

  /** Puts weights in force, signed where there is a key. */
  public static void publish(KafkaClients clients, WeightsKeys keys, DecoderWeights weights) {
    try (WeightRecords records = new WeightRecords(clients, keys)) {
      publish(clients, weights.getModelId(), records.accepted(weights, decision(weights), false));
    }
  }

  /** Publishes records in one transaction, as a writer of the model. */
  public static void publish(
      KafkaClients clients, String modelId, List<ProducerRecord<byte[], byte[]>> transaction) {
    try (TransactionalPublisher publisher =
        WeightTransactions.of(
            clients, modelId, Duration.ofSeconds(30), "another writer", InstantSource.system())) {
      publisher.open();
      publisher.publish(transaction);
    } catch (TransactionFailedException e) {
      throw new AssertionError("Weights could not be published", e);
    }
  }

  /** Returns a decision that accepted weights in the round of their version. */
  public static DecoderDecision decision(DecoderWeights weights) {
    return DecoderDecision.newBuilder()
        .setModelId(weights.getModelId())
        .setRound(weights.getVersion())
        .setParentVersion(weights.getParentVersion())
        .setCandidateVersion(weights.getVersion())
        .setAccepted(true)
        .setReason("Accepted: for a test.")
        .setExamplesUsed(weights.getExamplesUsed())
        .setCorrectionOffsets(Map.of())
        .setDecidedAt(Instant.EPOCH)
        .build();
  }
}
