package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Causes;
import io.histoflow.platform.lifecycle.Sentences;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes answers so that one which the brokers refuse takes no other with it: all together where
 * that works, else one by one. What is refused becomes a dead letter; where the brokers refuse that
 * too, one without the record's bytes.
 */
record AnswerPublisher(
    TransactionalPublisher publisher,
    Consumer<byte[], byte[]> consumer,
    PartitionMarks marks,
    ProgressWatch progress,
    InferenceMetrics metrics) {
  private static final Logger log = LoggerFactory.getLogger(AnswerPublisher.class);

  /**
   * Publishes answers.
   *
   * @throws TransactionFailedException when that did not happen for a reason that is no record's
   */
  void publish(List<SegmentationPipeline.Finished> finished) throws TransactionFailedException {
    try {
      commit(finished);
    } catch (TransactionFailedException e) {
      requireRefusal(e);
      log.atWarn().log("Publishing tile by tile: {}", Sentences.of(e));
      for (SegmentationPipeline.Finished one : finished) {
        publishAlone(one);
      }
    }
  }

  private void commit(List<SegmentationPipeline.Finished> finished)
      throws TransactionFailedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(finished.size());
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (SegmentationPipeline.Finished one : finished) {
      records.add(one.answer().record());
      offsets.put(Partitions.of(one.source()), marks.after(one.source()));
    }
    // Until it is known how the transaction ends.
    marks.doubt();
    publisher.publish(records, offsets, consumer.groupMetadata());
    marks.settled();
    for (SegmentationPipeline.Finished one : finished) {
      marks.answered(one.source());
      progress.answered(Partitions.of(one.source()), one.source().offset() + 1);
      metrics.answered(one.answer().outcome(), one.polledAtNanos());
    }
  }

  private void publishAlone(SegmentationPipeline.Finished one) throws TransactionFailedException {
    try {
      commit(List.of(one));
    } catch (TransactionFailedException e) {
      requireRefusal(e);
      RejectedRecordException why =
          new RejectedRecordException(
              "The brokers refuse what was to be published for the record: " + Sentences.of(e), e);
      publishRejection(one, why);
    }
  }

  private void publishRejection(SegmentationPipeline.Finished one, RejectedRecordException why)
      throws TransactionFailedException {
    try {
      commit(List.of(one.with(Answer.rejected(one.source(), why))));
    } catch (TransactionFailedException e) {
      requireRefusal(e);
      commit(List.of(one.with(Answer.unread(one.source(), why))));
    }
  }

  /** A transaction with a record that the brokers refuse was aborted: nothing is committed. */
  private static void requireRefusal(TransactionFailedException failure)
      throws TransactionFailedException {
    if (!Causes.areAny(
        failure,
        RecordTooLargeException.class,
        RecordBatchTooLargeException.class,
        InvalidTimestampException.class,
        InvalidRecordException.class)) {
      throw failure;
    }
  }
}
