package io.histoflow.review.kafka;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends records that belong together in one transaction, for several threads: their transactions
 * follow one another.
 */
public final class TransactionalSender implements AutoCloseable {
  private final TransactionalPublisher publisher;

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
   * @throws RuntimeException where trying again cannot help
   */
  public synchronized void send(List<ProducerRecord<byte[], byte[]>> records)
      throws TransactionFailedException {
    // Alerts are followed without a group: there are no offsets to commit.
    publisher.publish(records, Map.of(), null);
  }

  @Override
  public synchronized void close() {
    publisher.close();
  }
}
