package io.histoflow.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads records in the Confluent wire format: magic byte 0, schema id (4 bytes, big-endian), Avro
 * binary, resolved from the schema it was written with to this contract.
 *
 * <p>A record that can never be read is a {@link MalformedRecordException}; a registry that cannot
 * be asked, or has lost the record's schema, is a {@link RegistryUnavailableException}, and the
 * record is to be read again: a lost schema may come back, and only after {@link #PATIENCE} its
 * records count as malformed. Our own contracts are registered again meanwhile. Nothing is
 * allocated beyond what the payload's own length allows: Avro's decoder checks every length against
 * the bytes that remain. Safe for use by several threads.
 *
 * @param <T> the record to read
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  /**
   * How long a record whose schema the registry has lost is tried again, in milliseconds; default
   * 10 minutes.
   */
  public static final String PATIENCE = "schema.lost.patience.ms";

  private static final byte[] NOTHING = new byte[0];
  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

  private final Map<String, Contract> contracts;
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);
  private final LongSupplier nanoClock;
  private SchemaRegistry registry;
  private LostSchemas lost;

  /** Reads whatever contract of the catalogue a record was written with. */
  public AvroDeserializer() {
    this.nanoClock = System::nanoTime;
    this.contracts =
        Topics.all().stream()
            .map(TopicSpec::valueType)
            .distinct()
            .map(Contract::new)
            .collect(Collectors.toUnmodifiableMap(Contract::name, contract -> contract));
  }

  /**
   * Reads records of one contract only.
   *
   * @param valueType class of the records
   */
  public AvroDeserializer(Class<T> valueType) {
    this(valueType, System::nanoTime);
  }

  AvroDeserializer(Class<T> valueType, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    Contract contract = new Contract(Objects.requireNonNull(valueType, "valueType"));
    this.contracts = Map.of(contract.name(), contract);
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    Object patience = config.get(PATIENCE);
    this.lost =
        new LostSchemas(
            config,
            patience == null
                ? DEFAULT_PATIENCE
                : Duration.ofMillis(Long.parseLong(patience.toString())),
            nanoClock);
    this.registry = new SchemaRegistry(config);
  }

  /**
   * Reads one record.
   *
   * @param topic topic that it came from
   * @param data bytes; null is a tombstone
   * @return the record; null for a tombstone
   * @throws MalformedRecordException where it can never be read
   * @throws RegistryUnavailableException where the registry could not be asked, or has lost the
   *     schema
   */
  @Override
  public T deserialize(String topic, byte[] data) {
    if (data == null) {
      return null;
    }
    if (registry == null) {
      throw new IllegalStateException("configure(...) must be called before deserialize(...)");
    }
    int id = schemaId(topic, data);
    Scratch mine = scratch.get();
    DatumReader<T> reader = mine.readers.get(id);
    if (reader == null) {
      reader = readerFor(topic, id, data);
      mine.readers.put(id, reader);
    }
    return mine.read(topic, data, reader);
  }

  @Override
  public void close() {
    scratch.remove();
    if (registry != null) {
      registry.close();
    }
  }

  private static int schemaId(String topic, byte[] data) {
    if (data.length < WireFormat.HEADER_BYTES) {
      throw new MalformedRecordException(
          ("A value on topic %s is %s bytes long: too short for the Confluent wire format"
                  + " (magic byte 0, 4-byte schema id, Avro)")
              .formatted(topic, data.length));
    }
    if (data[0] != WireFormat.MAGIC) {
      throw new MalformedRecordException(
          String.format(
              Locale.ROOT,
              "A value on topic %s starts with 0x%02x: not the magic byte 0 of the Confluent wire"
                  + " format",
              topic,
              data[0]));
    }
    return ByteBuffer.wrap(data).getInt(1);
  }

  private DatumReader<T> readerFor(String topic, int id, byte[] data) {
    Optional<Schema> writer = lost.remembers(id) ? Optional.empty() : registry.schemaById(id);
    if (writer.isEmpty()) {
      throw unknown(topic, id);
    }
    lost.found(id);
    return readerFor(topic, id, writer.get());
  }

  private RuntimeException unknown(String topic, int id) {
    String sentence =
        "A value on topic %s names schema id %s, which the schema registry does not know"
            .formatted(topic, id);
    return switch (lost.judge(topic, id)) {
      case GARBAGE -> new MalformedRecordException(sentence);
      case LOST ->
          new RegistryUnavailableException(
              sentence + " any more; the record waits for it: restore the registry's subjects");
      case GIVEN_UP ->
          new MalformedRecordException(
              ("%s any more; it did not come back while the record waited: restore the"
                      + " registry's subjects, then publish the dead letter again")
                  .formatted(sentence));
    };
  }

  private DatumReader<T> readerFor(String topic, int id, Schema writer) {
    Contract contract = contracts.get(writer.getFullName());
    if (contract == null) {
      throw new MalformedRecordException(
          "A value on topic %s is a %s (schema id %s) where %s is expected"
              .formatted(topic, writer.getFullName(), id, String.join(" or ", contracts.keySet())));
    }
    return new SpecificDatumReader<>(writer, contract.schema(), contract.data());
  }

  private record Contract(String name, Schema schema, SpecificData data) {
    Contract(Class<? extends SpecificRecord> type) {
      this(SpecificData.getForClass(type).getSchema(type), new ContractData(type));
    }

    private Contract(Schema schema, SpecificData data) {
      this(schema.getFullName(), schema, data);
    }
  }

  /** What one thread reads with. */
  private final class Scratch {
    private final Map<Integer, DatumReader<T>> readers = new HashMap<>();
    private BinaryDecoder decoder;

    T read(String topic, byte[] data, DatumReader<T> reader) {
      int length = data.length - WireFormat.HEADER_BYTES;
      decoder = DecoderFactory.get().binaryDecoder(data, WireFormat.HEADER_BYTES, length, decoder);
      T record;
      boolean trailing;
      try {
        record = reader.read(null, decoder);
        trailing = !decoder.isEnd();
      } catch (IOException | RuntimeException e) {
        throw new MalformedRecordException(
            "A value on topic %s is not the Avro that its schema id promises (%s)"
                .formatted(topic, e.getMessage() == null ? "it ends too early" : e.getMessage()),
            e);
      } finally {
        // A decoder holds on to the bytes it reads.
        decoder = DecoderFactory.get().binaryDecoder(NOTHING, decoder);
      }
      if (trailing) {
        throw new MalformedRecordException(
            "A value on topic " + topic + " has bytes left over after its last field");
      }
      return record;
    }
  }
}
