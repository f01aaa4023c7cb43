package io.histoflow.inference;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What is published for one input record: a result or a dead letter.
 *
 * @param record the record to publish
 * @param outcome which of them it is
 */
record Answer(ProducerRecord<byte[], byte[]> record, Outcome outcome) {

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
