package io.histoflow.inference;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What is published for one input record: a result or a dead letter.
 *
 * @param record the record to publish
 * @param rejected whether it is a dead letter
 */
record Answer(ProducerRecord<byte[], byte[]> record, boolean rejected) {}
