package io.histoflow.finetuning;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends corrections that cannot be used to the dead-letter topic, each once, however often their
 * topic is read from its beginning: the group's committed offsets say up to where corrections were
 * checked, and the letters of those that were found wanting sent.
 */
final class CorrectionDeadLetters {
  private final Consumer<byte[], byte[]> consumer;
  private final TransactionalPublisher publisher;
  private final FineTuningMetrics metrics;
  private final List<Rejection> rejections = new ArrayList<>();
  private final Map<TopicPartition, OffsetAndMetadata> sent = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> checked = new HashMap<>();
  private boolean mustAskWhatIsSent = true;

  /** A correction that cannot be used, not yet on the dead-letter topic. */
  private record Rejection(ConsumerRecord<byte[], byte[]> source, Exception why) {}

  CorrectionDeadLetters(
      Consumer<byte[], byte[]> consumer,
      TransactionalPublisher publisher,
      FineTuningMetrics metrics) {
    this.consumer = consumer;
    this.publisher = publisher;
    this.metrics = metrics;
  }

  /** Notes a record for {@link #publish}, unless it was sent already. */
  void add(ConsumerRecord<byte[], byte[]> source, Exception why) {
    if (!isChecked(source)) {
      rejections.add(new Rejection(source, why));
    }
  }

  /** Tells whether a record was checked already, be it by this service or by one before it. */
  boolean isChecked(ConsumerRecord<byte[], byte[]> record) {
    if (mustAskWhatIsSent) {
      askWhatIsSent();
    }
    return isSent(record);
  }

  /** Notes that a record was checked; what is committed never goes back to one before it. */
  void checked(ConsumerRecord<byte[], byte[]> record) {
    if (!isChecked(record)) {
      checked.put(Partitions.of(record), new OffsetAndMetadata(record.offset() + 1));
    }
  }

  /**
   * Sends what was noted.
   *
   * @throws TransactionFailedException when nothing was sent, or it is not known; it is tried again
   *     with the next call
   */
  void publish() throws TransactionFailedException {
    if (!rejections.isEmpty() && mustAskWhatIsSent) {
      askWhatIsSent();
    }
    if (rejections.isEmpty()) {
      commitChecked();
      return;
    }
    List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Rejection rejection : rejections) {
      letters.add(DeadLetters.of(rejection.source(), rejection.why(), "fine-tuning"));
      offsets.merge(
          Partitions.of(rejection.source()),
          new OffsetAndMetadata(rejection.source().offset() + 1),
          CorrectionDeadLetters::later);
    }
    // Where this fails the transaction may have been committed all the same.
    mustAskWhatIsSent = true;
    publisher.publish(letters, offsets, consumer.groupMetadata());
    mustAskWhatIsSent = false;
    know(offsets);
    letters.forEach(letter -> metrics.rejected());
    rejections.clear();
    commitChecked();
  }

  /**
   * Where it fails, the next start checks once more; a writer of weights is not disturbed by it.
   */
  private void commitChecked() {
    // What was noted while it was not known what is sent may lie before it.
    checked.entrySet().removeIf(noted -> isKnown(noted.getKey(), noted.getValue().offset() - 1));
    if (checked.isEmpty()) {
      return;
    }
    consumer.commitAsync(Map.copyOf(checked), (offsets, failure) -> {});
    know(checked);
    checked.clear();
  }

  private void askWhatIsSent() {
    know(consumer.committed(consumer.assignment()));
    rejections.removeIf(rejection -> isSent(rejection.source()));
    mustAskWhatIsSent = false;
  }

  private void know(Map<TopicPartition, OffsetAndMetadata> committed) {
    committed.forEach(
        (partition, offset) -> {
          if (offset != null) {
            sent.merge(partition, offset, CorrectionDeadLetters::later);
          }
        });
  }

  private boolean isSent(ConsumerRecord<byte[], byte[]> record) {
    return isKnown(Partitions.of(record), record.offset());
  }

  private boolean isKnown(TopicPartition partition, long offset) {
    OffsetAndMetadata done = sent.get(partition);
    return done != null && done.offset() > offset;
  }

  private static OffsetAndMetadata later(OffsetAndMetadata one, OffsetAndMetadata other) {
    return one.offset() > other.offset() ? one : other;
  }
}
