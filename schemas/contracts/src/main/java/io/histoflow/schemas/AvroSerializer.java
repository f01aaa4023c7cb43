package io.histoflow.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes records in the Confluent wire format: magic byte 0, schema id (4 bytes, big-endian), Avro
 * binary. The subject is that of TopicNameStrategy.
 *
 * <p>{@link SubjectCatalogue} registers the contracts at start-up, and the serializer looks their
 * ids up once. Of a subject that was lost since then it registers the contract again; other schemas
 * it registers only where {@code auto.register.schemas} is true. Safe for use by several threads.
 *
 * @param <T> the record to write
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  /** Whether a schema that its subject does not hold is registered on first use; default false. */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  private final Map<SubjectAndType, Integer> ids = new ConcurrentHashMap<>();
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);
  private Map<String, ?> config;
  private SchemaRegistry registry;
  private boolean autoRegister;
  private boolean isKey;

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    this.isKey = isKey;
    Object auto = config.get(AUTO_REGISTER);
    this.autoRegister = auto != null && Boolean.parseBoolean(auto.toString());
    this.config = new HashMap<>(config);
    this.registry = new SchemaRegistry(config);
  }

  /**
   * Writes one record.
   *
   * @param topic topic that the record goes to
   * @param data record; null gives a tombstone
   * @return the bytes; null for a tombstone
   * @throws SerializationException where the record does not fit its own contract or the contract
   *     is not registered
   * @throws RegistryUnavailableException where the registry could not be asked
   */
  @Override
  public byte[] serialize(String topic, T data) {
    if (data == null) {
      return null;
    }
    int id = idOf(topic, data.getClass(), data.getSchema());
    try {
      return scratch.get().write(id, data);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "A %s for topic %s does not fit its contract: %s"
              .formatted(data.getSchema().getName(), topic, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    scratch.remove();
    if (registry != null) {
      registry.close();
    }
  }

  private int idOf(String topic, Class<?> type, Schema schema) {
    if (registry == null) {
      throw new IllegalStateException("configure(...) must be called before serialize(...)");
    }
    return ids.computeIfAbsent(
        new SubjectAndType(topic + (isKey ? "-key" : "-value"), type),
        wanted -> idAtRegistry(wanted.subject(), schema));
  }

  private int idAtRegistry(String subject, Schema schema) {
    Schema contract = RegisteredSchemas.withoutJavaProperties(schema);
    if (autoRegister) {
      return registry.register(subject, contract);
    }
    return registry
        .idOf(subject, contract)
        .or(() -> registerAgain(subject, contract))
        .orElseThrow(
            () ->
                new SerializationException(
                    ("Subject %s does not hold this version of %s: register the contracts"
                            + " first (a service does so at start-up) or set %s=true")
                        .formatted(subject, schema.getName(), AUTO_REGISTER)));
  }

  /** A contract that start-up registered and that is gone is no fault of the record. */
  private Optional<Integer> registerAgain(String subject, Schema contract) {
    boolean ours =
        Topics.all().stream()
            .anyMatch(spec -> spec.subject().equals(subject) && spec.schema().equals(contract));
    if (!ours) {
      return Optional.empty();
    }
    // Clients remember what they registered.
    try (SchemaRegistry fresh = new SchemaRegistry(config)) {
      return Optional.of(SubjectCatalogue.ensure(fresh, subject, contract));
    } catch (IncompatibleContractException e) {
      throw new RegistryUnavailableException(e.getMessage(), e);
    }
  }

  private record SubjectAndType(String subject, Class<?> type) {}

  /** What one thread writes with. */
  private static final class Scratch {
    private static final int WORTH_KEEPING = 1 << 20;

    private final Map<Class<?>, DatumWriter<SpecificRecord>> writers = new ConcurrentHashMap<>();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private BinaryEncoder encoder;

    byte[] write(int id, SpecificRecord data) throws IOException {
      bytes.reset();
      bytes.write(WireFormat.MAGIC);
      bytes.write(id >>> 24);
      bytes.write(id >>> 16);
      bytes.write(id >>> 8);
      bytes.write(id);
      encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
      writerFor(data).write(data, encoder);
      encoder.flush();
      byte[] result = bytes.toByteArray();
      if (result.length > WORTH_KEEPING) {
        bytes = new ByteArrayOutputStream(512);
      }
      return result;
    }

    private DatumWriter<SpecificRecord> writerFor(SpecificRecord data) {
      return writers.computeIfAbsent(
          data.getClass(),
          type -> new SpecificDatumWriter<>(data.getSchema(), SpecificData.getForClass(type)));
    }
  }
}
