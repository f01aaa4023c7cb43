package io.histoflow.weights.versions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WeightsChange;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Makes the records of the topics of weights, for a transaction over several of them. */
public final class WeightRecords implements AutoCloseable {
  private final Serializer<SpecificRecord> serializer;

  /**
   * Makes it.
   *
   * @param clients makes the serializer
   */
  public WeightRecords(KafkaClients clients) {
    this.serializer = clients.serializer();
  }

  /** Puts weights in force. */
  public ProducerRecord<byte[], byte[]> inForce(DecoderWeights weights) {
    return record(Topics.DECODER_WEIGHTS, weights.getModelId(), weights);
  }

  /** Puts the weights as shipped in force. */
  public ProducerRecord<byte[], byte[]> asShipped(String modelId) {
    return new ProducerRecord<>(Topics.DECODER_WEIGHTS.name(), modelId.getBytes(UTF_8), null);
  }

  /** Archives accepted weights. */
  public ProducerRecord<byte[], byte[]> archived(DecoderWeights weights) {
    ArchiveKey key = new ArchiveKey(weights.getModelId(), weights.getVersion());
    return record(Topics.DECODER_ARCHIVE, key.text(), weights);
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

  private <V extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      TopicSpec<V> topic, String key, V value) {
    return new ProducerRecord<>(
        topic.name(), key.getBytes(UTF_8), serializer.serialize(topic.name(), value));
  }
}
