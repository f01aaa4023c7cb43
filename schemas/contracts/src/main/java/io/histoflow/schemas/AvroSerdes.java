package io.histoflow.schemas;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes for the topics of the catalogue. */
public final class AvroSerdes {
  private AvroSerdes() {}

  /**
   * Returns a configured serde for the values of a topic.
   *
   * @param spec the topic
   * @param config at least {@code schema.registry.url}; further keys as the Confluent client names
   *     them
   */
  public static <V extends SpecificRecord> Serde<V> of(TopicSpec<V> spec, Map<String, ?> config) {
    AvroSerializer<V> serializer = new AvroSerializer<>();
    serializer.configure(config, false);
    AvroDeserializer<V> deserializer = new AvroDeserializer<>(spec.valueType());
    deserializer.configure(config, false);
    return Serdes.serdeFrom(serializer, deserializer);
  }
}
