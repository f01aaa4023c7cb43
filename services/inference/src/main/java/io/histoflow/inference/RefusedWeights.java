package io.histoflow.inference;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends the dead letters of refused weights. Every worker meets them, and meets them again after a
 * restart; the group's committed offset on their topic says whether one of them has sent the
 * letter.
 *
 * @param weights knows what was refused
 * @param reader reads the records again
 * @param publisher sends letters and offsets together
 * @param consumer of the group whose offsets count
 */
record RefusedWeights(
    WeightsFollower weights,
    SingleReader reader,
    TransactionalPublisher publisher,
    Consumer<byte[], byte[]> consumer) {
  private static final Duration WAIT = Duration.ofSeconds(10);

  /**
   * Sends the letter of the oldest that has none, if there is one.
   *
   * @throws TransactionFailedException when that did not happen, or it is not known
   */
  void publishNext() throws TransactionFailedException {
    Optional<WeightsFollower.Refusal> refusal = weights.nextRefusal();
    if (refusal.isEmpty()) {
      return;
    }
    TopicPartition partition = refusal.get().partition();
    long offset = refusal.get().offset();
    OffsetAndMetadata done = consumer.committed(Set.of(partition)).get(partition);
    if (done == null || done.offset() <= offset) {
      Optional<ConsumerRecord<byte[], byte[]>> record = reader.next(partition, offset, WAIT);
      if (record.isEmpty() && reader.position() <= offset) {
        return;
      }
      publisher.publish(
          List.of(refusal.get().deadLetter(record)),
          Map.of(partition, new OffsetAndMetadata(offset + 1)),
          consumer.groupMetadata());
    }
    reader.rest();
    weights.refusalHandled();
  }
}
