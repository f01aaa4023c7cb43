package io.histoflow.topology.streams;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TopicSpec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Refuses a value that its topic would not take, before the producer sees it: a record that the
 * brokers refuse spoils the whole transaction, and so would every repetition of it.
 *
 * @param <V> the Avro record
 */
final class BoundedSerializer<V extends SpecificRecord> implements Serializer<V> {
  /** What a batch of one record needs beside the value: its header, and the longest key. */
  private static final int OVERHEAD_BYTES = 4 << 10;

  private final Serializer<V> serializer;
  private final int mostBytes;

  BoundedSerializer(Serializer<V> serializer, TopicSpec<V> spec) {
    this.serializer = serializer;
    this.mostBytes = spec.maxMessageBytes() - OVERHEAD_BYTES;
  }

  @Override
  public byte[] serialize(String topic, V value) {
    byte[] bytes = serializer.serialize(topic, value);
    if (bytes != null && bytes.length > mostBytes) {
      throw new MalformedRecordException(
          "The result of this record has %d bytes, at most %d fit the topic %s"
              .formatted(bytes.length, mostBytes, topic));
    }
    return bytes;
  }

  @Override
  public void close() {
    serializer.close();
  }
}
