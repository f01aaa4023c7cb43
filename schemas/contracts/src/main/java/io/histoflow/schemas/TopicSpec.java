package io.histoflow.schemas;

import java.time.Duration;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic of the catalogue whose values are Avro records. Keys are plain UTF-8 strings.
 *
 * @param <V> the Avro record
 * @param name name of the topic
 * @param key what the key is, for people
 * @param valueType class of the values
 * @param partitions number of partitions, 1 or more
 * @param cleanup how it is cleaned up
 * @param retention how long records are kept; null = for ever
 * @param maxMessageBytes largest record batch in bytes, 1 or more
 */
public record TopicSpec<V extends SpecificRecord>(
    String name,
    String key,
    Class<V> valueType,
    int partitions,
    Cleanup cleanup,
    Duration retention,
    int maxMessageBytes) {

  public TopicSpec {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(valueType, "valueType");
    // The layout checks the rest.
    var unused = new TopicLayout(name, partitions, cleanup, retention, maxMessageBytes);
  }

  /** Returns the registry subject of the values (TopicNameStrategy). */
  public String subject() {
    return name + "-value";
  }

  /** Returns the contract of the values, as it is registered: without Java's own properties. */
  public Schema schema() {
    return RegisteredSchemas.withoutJavaProperties(
        SpecificData.getForClass(valueType).getSchema(valueType));
  }

  /** Returns how the topic lies on the brokers. */
  public TopicLayout layout() {
    return new TopicLayout(name, partitions, cleanup, retention, maxMessageBytes);
  }
}
