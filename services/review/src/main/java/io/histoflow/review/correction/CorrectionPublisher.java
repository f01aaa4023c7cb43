package io.histoflow.review.correction;

import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a verdict and the tombstone that closes its alert in one transaction: no reader sees
 * one without the other. Safe for use by several threads; transactions follow one another.
 */
public final class CorrectionPublisher implements AutoCloseable {
  private final Logger log = LoggerFactory.getLogger(CorrectionPublisher.class);
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final AvroSerializer<MaskCorrected> serializer = new AvroSerializer<>();
  private Producer<byte[], byte[]> producer;

  /**
   * Opens the publisher.
   *
   * @param producers makes a transactional producer, again where one was lost
   * @param registryConfig keys of the schema registry client
   * @throws KafkaException where Kafka does not take the producer's transactional id
   */
  public CorrectionPublisher(
      Supplier<Producer<byte[], byte[]>> producers, Map<String, ?> registryConfig) {
    this.producers = producers;
    serializer.configure(registryConfig, false);
    this.producer = opened();
  }

  /**
   * Publishes a verdict and closes its alert.
   *
   * @throws CorrectionNotPublishedException where Kafka did not take it
   */
  public synchronized void publish(MaskCorrected correction)
      throws CorrectionNotPublishedException {
    byte[] key = correction.getTileId().getBytes(StandardCharsets.UTF_8);
    try {
      byte[] value = serializer.serialize(Topics.MASKS_CORRECTED.name(), correction);
      if (producer == null) {
        producer = opened();
      }
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(Topics.MASKS_CORRECTED.name(), key, value));
      producer.send(new ProducerRecord<>(Topics.TILES_REVIEW.name(), key, null));
      commit();
    } catch (KafkaException e) {
      // The next producer of this transactional id ends what this one left open.
      discard();
      throw new CorrectionNotPublishedException(
          "The verdict on tile "
              + correction.getTileId()
              + " was not confirmed by Kafka: try again if its alert stays open ("
              + e.getMessage()
              + ").",
          e);
    }
  }

  @Override
  public synchronized void close() {
    discard();
    serializer.close();
  }

  /** A commit that timed out may be asked for again, and only that. */
  private void commit() {
    try {
      producer.commitTransaction();
    } catch (TimeoutException e) {
      producer.commitTransaction();
    }
  }

  private Producer<byte[], byte[]> opened() {
    Producer<byte[], byte[]> fresh = producers.get();
    try {
      fresh.initTransactions();
      return fresh;
    } catch (KafkaException e) {
      fresh.close();
      throw e;
    }
  }

  private void discard() {
    if (producer != null) {
      try {
        producer.close();
      } catch (KafkaException e) {
        log.atWarn().log("The producer of verdicts did not close cleanly: {}", e.getMessage());
      }
      producer = null;
    }
  }
}
