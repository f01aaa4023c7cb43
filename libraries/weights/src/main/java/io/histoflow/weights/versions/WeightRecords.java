package io.histoflow.weights.versions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.weights.WeightsKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/** Makes the records of the topics of weights, for a transaction over several of them. */
public final class WeightRecords implements AutoCloseable {
  private final Serializer<SpecificRecord> serializer;
  private final WeightsKeys keys;

  /**
   * Makes it; it signs nothing.
   *
   * @param clients makes the serializer
   */
  public WeightRecords(KafkaClients clients) {
    this(clients, WeightsKeys.none());
  }

  /**
   * Makes it.
   *
   * @param clients makes the serializer
   * @param keys sign weights, where there is a key to sign with
   */
  public WeightRecords(KafkaClients clients, WeightsKeys keys) {
    this.serializer = clients.serializer();
    this.keys = keys;
  }

  /**
   * Returns the records of accepted weights, for one transaction: whoever reads the topics is
   * entitled to run them.
   *
   * @param accepted the weights
   * @param decision the decision that accepted them
   * @param held whether they are archived only
   */
  public List<ProducerRecord<byte[], byte[]>> accepted(
      DecoderWeights accepted, DecoderDecision decision, boolean held) {
    List<ProducerRecord<byte[], byte[]>> transaction = new ArrayList<>();
    transaction.add(archived(accepted));
    transaction.add(decision(decision));
    if (!held) {
      transaction.add(inForce(accepted));
    }
    return transaction;
  }

  /** Puts weights in force. */
  public ProducerRecord<byte[], byte[]> inForce(DecoderWeights weights) {
    return signed(
        record(Topics.DECODER_WEIGHTS, weights.getModelId(), weights), keys.sign(weights));
  }

  /**
   * Puts archived weights in force, with the signature that they were archived with.
   *
   * @param archived the archive's record
   */
  public ProducerRecord<byte[], byte[]> inForce(ConsumerRecord<String, DecoderWeights> archived) {
    DecoderWeights weights = archived.value();
    return signed(
        record(Topics.DECODER_WEIGHTS, weights.getModelId(), weights),
        WeightsKeys.of(archived.headers()).or(() -> keys.sign(weights)));
  }

  /** Puts the weights as shipped in force. */
  public ProducerRecord<byte[], byte[]> asShipped(String modelId) {
    return new ProducerRecord<>(Topics.DECODER_WEIGHTS.name(), modelId.getBytes(UTF_8), null);
  }

  /** Archives accepted weights. */
  public ProducerRecord<byte[], byte[]> archived(DecoderWeights weights) {
    return archived(weights, keys.sign(weights));
  }

  /**
   * Archives weights that are in force already, with the signature that they have.
   *
   * @param headers of their record
   */
  public ProducerRecord<byte[], byte[]> archived(DecoderWeights weights, Headers headers) {
    return archived(weights, WeightsKeys.of(headers));
  }

  private ProducerRecord<byte[], byte[]> archived(
      DecoderWeights weights, Optional<byte[]> signature) {
    ArchiveKey key = new ArchiveKey(weights.getModelId(), weights.getVersion());
    return signed(record(Topics.DECODER_ARCHIVE, key.text(), weights), signature);
  }

  /** Puts a round on record. */
  public ProducerRecord<byte[], byte[]> decision(DecoderDecision decision) {
    return record(Topics.DECODER_DECISIONS, decision.getModelId(), decision);
  }

  /** Puts on record what a person did. */
  public ProducerRecord<byte[], byte[]> change(WeightsChange change) {
    return record(Topics.DECODER_CHANGES, change.getModelId(), change);
  }

  @Override
  public void close() {
    serializer.close();
  }

  private static ProducerRecord<byte[], byte[]> signed(
      ProducerRecord<byte[], byte[]> record, Optional<byte[]> signature) {
    signature.ifPresent(bytes -> record.headers().add(WeightsKeys.HEADER, bytes));
    return record;
  }

  private <V extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      TopicSpec<V> topic, String key, V value) {
    return new ProducerRecord<>(
        topic.name(), key.getBytes(UTF_8), serializer.serialize(topic.name(), value));
  }
}
