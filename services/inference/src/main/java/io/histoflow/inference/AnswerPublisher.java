package io.histoflow.inference;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.lifecycle.Sentences;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
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
final class AnswerPublisher {
  private static final Logger log = LoggerFactory.getLogger(AnswerPublisher.class);

  private final Transaction transaction;

  /** One transaction: answers and the offsets of what they answer. */
  interface Transaction {
    void publish(List<SegmentationPipeline.Finished> finished) throws TransactionFailedException;
  }

  AnswerPublisher(Transaction transaction) {
    this.transaction = transaction;
  }

  /**
   * Publishes answers.
   *
   * @throws TransactionFailedException when that did not happen for a reason that is no record's
   */
  void publish(List<SegmentationPipeline.Finished> finished) throws TransactionFailedException {
    try {
      transaction.publish(finished);
    } catch (TransactionFailedException e) {
      requireRefusal(e);
      log.atWarn().log("Publishing tile by tile: {}", Sentences.of(e));
      for (SegmentationPipeline.Finished one : finished) {
        publishAlone(one);
      }
    }
  }

  private void publishAlone(SegmentationPipeline.Finished one) throws TransactionFailedException {
    try {
      transaction.publish(List.of(one));
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
      transaction.publish(List.of(one.with(Answer.rejected(one.source(), why))));
    } catch (TransactionFailedException e) {
      requireRefusal(e);
      transaction.publish(List.of(one.with(Answer.unread(one.source(), why))));
    }
  }

  /** A transaction with a record that the brokers refuse was aborted: nothing is committed. */
  private static void requireRefusal(TransactionFailedException failure)
      throws TransactionFailedException {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RecordTooLargeException
          || t instanceof RecordBatchTooLargeException
          || t instanceof InvalidTimestampException
          || t instanceof InvalidRecordException) {
        return;
      }
    }
    throw failure;
  }
}
