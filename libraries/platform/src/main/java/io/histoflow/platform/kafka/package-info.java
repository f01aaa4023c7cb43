/**
 * Kafka clients as every service uses them: safe defaults, Avro values of the topic catalogue, a
 * dead-letter record for what cannot be used, and readers of compacted topics.
 */
package io.histoflow.platform.kafka;
