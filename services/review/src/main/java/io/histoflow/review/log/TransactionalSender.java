package io.histoflow.review.log;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that belong together in one transaction: no reader sees one without the others.
 * Safe for use by several threads; transactions follow one another.
 */
public final class TransactionalSender implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Logger log = LoggerFactory.getLogger(TransactionalSender.class);
  private final Supplier<Producer<byte[], byte[]>> producers;
  private Producer<byte[], byte[]> producer;

  /**
   * Opens the sender.
   *
   * @param producers makes a producer with a transactional id, again where one was lost
   * @throws KafkaException where Kafka does not take the transactional id
   */
  public TransactionalSender(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
    this.producer = opened();
  }

  /**
   * Sends the records and returns when they are committed.
   *
   * @throws KafkaException where Kafka did not confirm them; they may be committed nevertheless
   *     where it was the commit that timed out
   */
  public synchronized void send(List<ProducerRecord<byte[], byte[]>> records) {
    try {
      if (producer == null) {
        producer = opened();
      }
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // The commit fails where a send did.
        var unused = producer.send(record);
      }
      commit();
    } catch (KafkaException e) {
      // The next producer of this transactional id ends what this one left open.
      discard();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    discard();
  }

  /** A commit that timed out may be asked for again, and nothing else. */
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
      fresh.close(CLOSE_TIMEOUT);
      throw e;
    }
  }

  private void discard() {
    if (producer == null) {
      return;
    }
    try {
      producer.close(CLOSE_TIMEOUT);
    } catch (KafkaException e) {
      log.atWarn().log("A producer did not close cleanly: {}", e.getMessage());
    }
    producer = null;
  }
}
