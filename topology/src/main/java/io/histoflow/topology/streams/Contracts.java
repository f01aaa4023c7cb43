package io.histoflow.topology.streams;

import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.TopicSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/** Reads and writes the topics of the catalogue, with names for the operators that do. */
public final class Contracts {
  private final Map<String, Object> registry;

  /**
   * @param registry standard keys of the schema registry ({@code schema.registry.url}, {@code
   *     basic.auth.*}); others are ignored
   */
  public Contracts(Map<String, Object> registry) {
    this.registry = Collections.unmodifiableMap(new HashMap<>(registry));
  }

  /** Reads a topic by an operator of a name. */
  public <V extends SpecificRecord> KStream<String, V> read(
      StreamsBuilder builder, TopicSpec<V> spec, String name) {
    return builder.stream(
        spec.name(), Consumed.with(Serdes.String(), AvroSerdes.of(spec, registry)).withName(name));
  }

  /** Writes a topic by an operator of a name, as {@link #produced} says. */
  public <V extends SpecificRecord> void write(
      KStream<String, V> records, TopicSpec<V> spec, String name) {
    records.to(spec.name(), produced(spec, name));
  }

  /**
   * Says how a topic is written. What its brokers would not take is refused with a {@link
   * io.histoflow.schemas.MalformedRecordException}.
   *
   * @param name name of the operator
   */
  public <V extends SpecificRecord> Produced<String, V> produced(TopicSpec<V> spec, String name) {
    Serde<V> values = AvroSerdes.of(spec, registry);
    return Produced.with(
            Serdes.String(),
            Serdes.serdeFrom(
                new BoundedSerializer<>(values.serializer(), spec), values.deserializer()))
        .withName(name);
  }

  /** Returns what reads the values of a topic. */
  public <V extends SpecificRecord> Deserializer<V> deserializer(TopicSpec<V> spec) {
    return AvroSerdes.of(spec, registry).deserializer();
  }
}
