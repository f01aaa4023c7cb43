package io.histoflow.review.kafka;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Sends records that belong together in one transaction, for several threads: their transactions
 * follow one another.
 */
public final class TransactionalSender implements AutoCloseable {
  private static final long LONGEST_SECONDS = 10;

  private final TransactionalPublisher publisher;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * Takes over a publisher and opens it.
   *
   * @param publisher used by nobody else
   * @throws org.apache.kafka.common.KafkaException where Kafka does not take its transactional id
   */
  public TransactionalSender(TransactionalPublisher publisher) {
    this.publisher = publisher;
    publisher.open();
  }

  /**
   * Sends the records and returns when they are committed.
   *
   * @throws TransactionFailedException where none was committed, or it is not known
   * @throws RuntimeException where trying again cannot help, and {@link TimeoutException} where
   *     others are sent for too long
   */
  public void send(List<ProducerRecord<byte[], byte[]>> records) throws TransactionFailedException {
    // While Kafka does not answer, requests must not pile up behind each other.
    if (!acquired()) {
      throw new TimeoutException("Kafka is still busy with what was sent before.");
    }
    try {
      // Alerts are followed without a group: there are no offsets to commit.
      publisher.publish(records, Map.of(), null);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      publisher.close();
    } finally {
      turn.unlock();
    }
  }

  private boolean acquired() {
    try {
      return turn.tryLock(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
