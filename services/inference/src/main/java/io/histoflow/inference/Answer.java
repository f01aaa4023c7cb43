package io.histoflow.inference;

import io.histoflow.platform.kafka.DeadLetters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What is published for one input record: a result or a dead letter.
 *
 * @param record the record to publish
 * @param outcome which of them it is
 * @param positiveFraction of a result, 0..1; 0 of a dead letter
 */
record Answer(ProducerRecord<byte[], byte[]> record, Outcome outcome, double positiveFraction) {

  /** The dead letter of a record. */
  static Answer rejected(ConsumerRecord<byte[], byte[]> source, Exception why) {
    return new Answer(DeadLetters.of(source, why, "inference"), Outcome.REJECTED, 0);
  }

  /** The dead letter of a record whose bytes nobody can or may read again. */
  static Answer unread(ConsumerRecord<byte[], byte[]> source, Exception why) {
    return new Answer(DeadLetters.withoutBytes(source, why, "inference"), Outcome.REJECTED, 0);
  }

  /** What became of a tile. */
  enum Outcome {
    /** A result that the network gave. */
    SEGMENTED,

    /** A result without the network, of a tile that holds no tissue. */
    BACKGROUND,

    /** A dead letter. */
    REJECTED
  }
}
