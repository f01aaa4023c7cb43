package io.histoflow.schemas;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/**
 * The Confluent client, with its failures told apart: what the registry does not know, what it
 * refuses, and that it cannot be asked at all.
 */
final class SchemaRegistry implements AutoCloseable {
  /** Addresses of the registry, separated by commas; {@code mock://name} is one in memory. */
  static final String URL = "schema.registry.url";

  private static final String NOT_AVRO = "Invalid schema ";
  private static final int CACHED_SCHEMAS = 1_000;
  private static final int CONFLICT = 409;
  private static final int INVALID_SCHEMA = 42201;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int READ_TIMEOUT_MS = 20_000;

  private final String urls;
  private final SchemaRegistryClient client;

  /**
   * @param config Confluent's standard keys: {@code schema.registry.url} (required), {@code
   *     basic.auth.credentials.source}, {@code basic.auth.user.info}, {@code schema.registry.ssl.*}
   *     and the others of its client; further keys are ignored
   * @throws ConfigException where the address is missing
   */
  SchemaRegistry(Map<String, ?> config) {
    this.urls = urls(config.get(URL));
    Map<String, Object> settings = new HashMap<>(config);
    settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
    settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_TIMEOUT_MS);
    this.client =
        SchemaRegistryClientFactory.newClient(
            Arrays.stream(urls.split(",")).map(String::strip).filter(u -> !u.isEmpty()).toList(),
            CACHED_SCHEMAS,
            List.of(new AvroSchemaProvider()),
            settings,
            Map.of());
  }

  private static String urls(Object value) {
    String text =
        value instanceof Collection<?> list
            ? String.join(",", list.stream().map(Object::toString).toList())
            : value == null ? "" : value.toString();
    if (text.isBlank()) {
      throw new ConfigException(
          ("%s is not set: give the address of the schema registry, for example"
                  + " http://127.0.0.1:8081")
              .formatted(URL));
    }
    return text;
  }

  /**
   * Finds the Avro schema of an id.
   *
   * @return the schema; empty where the registry knows no such id
   * @throws MalformedRecordException where what it knows is not Avro
   * @throws RegistryUnavailableException where it could not be asked
   */
  Optional<Schema> schemaById(int id) {
    return ask(
        "schema " + id,
        () -> {
          try {
            if (client.getSchemaById(id) instanceof AvroSchema avro) {
              return avro.rawSchema();
            }
            throw notAvro(id);
          } catch (IOException e) {
            // The client's way to say that it was answered, with JSON Schema or Protobuf.
            if (e.getMessage() != null && e.getMessage().startsWith(NOT_AVRO)) {
              throw notAvro(id);
            }
            throw e;
          }
        });
  }

  private static MalformedRecordException notAvro(int id) {
    return new MalformedRecordException(
        "A value names schema id " + id + ", which the schema registry does not hold as Avro");
  }

  /**
   * Finds the id under which a subject holds exactly this schema.
   *
   * @return the id; empty where the subject does not hold it
   * @throws RegistryUnavailableException where it could not be asked
   */
  Optional<Integer> idOf(String subject, Schema schema) {
    return ask("subject " + subject, () -> client.getId(subject, new AvroSchema(schema)));
  }

  /**
   * Returns every version of a subject, oldest first.
   *
   * @throws RegistryUnavailableException where it could not be asked
   */
  List<Schema> versions(String subject) {
    List<Integer> numbers =
        ask("subject " + subject, () -> client.getAllVersions(subject)).orElse(List.of());
    return numbers.stream().flatMap(number -> version(subject, number).stream()).toList();
  }

  private Optional<Schema> version(String subject, int number) {
    return ask(
        "version " + number + " of subject " + subject,
        () -> new Schema.Parser().parse(client.getSchemaMetadata(subject, number).getSchema()));
  }

  /**
   * Registers a schema, or finds it registered.
   *
   * @return its id
   * @throws IncompatibleContractException where the registry refuses it
   * @throws RegistryUnavailableException where it could not be asked
   */
  int register(String subject, Schema schema) {
    ParsedSchema parsed = new AvroSchema(schema);
    try {
      return client.register(subject, parsed);
    } catch (RestClientException e) {
      if (e.getStatus() == CONFLICT || e.getErrorCode() == INVALID_SCHEMA) {
        throw new IncompatibleContractException(
            "The schema registry refused the contract of subject %s: %s"
                .formatted(subject, e.getMessage()),
            e);
      }
      throw refused("subject " + subject, e);
    } catch (IOException e) {
      throw unreachable("subject " + subject, e);
    }
  }

  /**
   * Sets the compatibility level of a subject where it is another one.
   *
   * @throws RegistryUnavailableException where the registry could not be asked
   */
  void setCompatibility(String subject, String level) {
    String what = "the compatibility of subject " + subject;
    Optional<String> current = ask(what, () -> client.getCompatibility(subject));
    if (!current.filter(level::equals).isPresent()) {
      ask(what, () -> updateCompatibility(subject, level));
    }
  }

  /**
   * Where somebody else sets the same level at the same moment, the registry reports a conflict.
   */
  private String updateCompatibility(String subject, String level)
      throws IOException, RestClientException {
    try {
      return client.updateCompatibility(subject, level);
    } catch (RestClientException e) {
      if (e.getStatus() == CONFLICT && level.equals(client.getCompatibility(subject))) {
        return level;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new IllegalStateException("The registry client did not close", e);
    }
  }

  private <T> Optional<T> ask(String what, Question<T> question) {
    try {
      return Optional.ofNullable(question.ask());
    } catch (RestClientException e) {
      if (isUnknown(e)) {
        return Optional.empty();
      }
      throw refused(what, e);
    } catch (IOException e) {
      throw unreachable(what, e);
    }
  }

  /**
   * A registry says 404 with an error code of five digits (40401 subject, 40402 version, 40403
   * schema); a bare 404 comes from something else that listens at the address.
   */
  private static boolean isUnknown(RestClientException e) {
    return e.getErrorCode() / 100 == 404;
  }

  private RegistryUnavailableException unreachable(String what, IOException e) {
    return new RegistryUnavailableException(
        ("The schema registry at %s could not be asked for %s (%s): check %s and that the"
                + " registry runs; the record is tried again")
            .formatted(urls, what, e.getMessage(), URL),
        e);
  }

  private RegistryUnavailableException refused(String what, RestClientException e) {
    return new RegistryUnavailableException(
        ("The schema registry at %s answered %s when asked for %s (%s): check %s and"
                + " basic.auth.user.info; the record is tried again")
            .formatted(urls, e.getStatus(), what, e.getMessage(), URL),
        e);
  }

  private interface Question<T> {
    T ask() throws IOException, RestClientException;
  }
}
