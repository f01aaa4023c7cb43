package io.histoflow.platform.kafka;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes the Kafka clients of one service from its configuration.
 *
 * <p>Producers are idempotent and wait for all in-sync replicas; consumers read committed records
 * only, from the earliest when they have no position, commit nothing by themselves and join their
 * group by the protocol of KIP-848. The configuration's client keys override these defaults, and
 * the {@code overrides} of each call override both. Every client gets its own client id.
 *
 * <p>The caller closes what it is given.
 */
public final class KafkaClients {
  private static final int DEFAULT_BUFFER_BYTES = 32 << 20;

  private final Map<String, Object> properties;
  private final String clientId;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * Prepares the clients; connects to nothing.
   *
   * @param config the configuration, with {@code bootstrap.servers} and, for Avro values, {@code
   *     schema.registry.url}
   * @param clientId what the client ids begin with, usually the service's name
   * @throws ConfigException when {@code bootstrap.servers} is absent
   */
  public KafkaClients(ServiceConfig config, String clientId) {
    this.properties = config.clientProperties();
    this.clientId = requireNonNull(clientId, "clientId");
    require(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        "the addresses of the Kafka brokers, such as kafka-1:9092,kafka-2:9092");
  }

  /**
   * Makes a producer of one topic's records, as large as the topic allows.
   *
   * @param overrides client keys that override the configuration, such as {@code transactional.id};
   *     as for all clients
   * @param <V> the Avro record
   * @throws ConfigException when the configuration is refused, as for all clients
   */
  public <V extends SpecificRecord> Producer<String, V> producer(
      TopicSpec<V> topic, Map<String, ?> overrides) {
    return producer(topic.maxMessageBytes(), overrides);
  }

  /**
   * Makes a producer of the records of several topics, for example to write to them in one
   * transaction.
   */
  public Producer<String, SpecificRecord> producer(
      List<TopicSpec<?>> topics, Map<String, ?> overrides) {
    return producer(
        topics.stream().mapToInt(TopicSpec::maxMessageBytes).max().orElse(1 << 20), overrides);
  }

  private <V extends SpecificRecord> Producer<String, V> producer(
      int maxBytes, Map<String, ?> overrides) {
    return make(
        "producer",
        () ->
            new KafkaProducer<>(
                producerProperties(maxBytes, overrides),
                new StringSerializer(),
                this.<V>serializer()));
  }

  /**
   * Makes a producer of plain bytes, as large as the dead-letter topic allows: for dead letters, or
   * for several topics in one transaction (with {@link #serializer}).
   */
  public Producer<byte[], byte[]> bytesProducer(Map<String, ?> overrides) {
    return make(
        "producer",
        () ->
            new KafkaProducer<>(
                producerProperties(Topics.TILES_DEAD_LETTER.maxMessageBytes(), overrides),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
  }

  /**
   * Makes a publisher of transactions; {@link TransactionalPublisher#open} connects it.
   *
   * @param transactionalId told apart from everybody else's, and the same after a restart
   * @param twin the sentence for a person when another process uses the same id
   */
  public TransactionalPublisher transactions(
      String transactionalId, String twin, Map<String, ?> overrides) {
    Map<String, Object> properties = new HashMap<>(overrides);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    return new TransactionalPublisher(
        () -> bytesProducer(properties), twin, 1, InstantSource.system());
  }

  /**
   * Makes a consumer of one topic's records. {@code poll} throws when it meets a record that it
   * cannot read: a service whose input is not trusted uses {@link #bytesConsumer} with {@link
   * #deserializer}, and {@link DeadLetters}.
   *
   * @param topic the topic; the consumer is not yet subscribed to it
   * @param group the consumer group, or null for a consumer that is assigned its partitions
   */
  public <V extends SpecificRecord> Consumer<String, V> consumer(
      TopicSpec<V> topic, String group, Map<String, ?> overrides) {
    return make(
        "consumer",
        () ->
            new KafkaConsumer<>(
                consumerProperties(group, overrides),
                new StringDeserializer(),
                deserializer(topic)));
  }

  /**
   * Makes a consumer of plain bytes, which can read anything.
   *
   * @param group the consumer group, or null for a consumer that is assigned its partitions
   */
  public Consumer<byte[], byte[]> bytesConsumer(String group, Map<String, ?> overrides) {
    return make(
        "consumer",
        () ->
            new KafkaConsumer<>(
                consumerProperties(group, overrides),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
  }

  /** Makes an admin client. */
  public Admin admin() {
    return make("admin", () -> Admin.create(merge("admin", Map.of(), Map.of())));
  }

  /**
   * Asks the brokers for the cluster's id.
   *
   * @throws ServiceException when they do not say it
   */
  public String clusterId() throws InterruptedException {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw new ServiceException("The cluster does not say its id: " + Sentences.of(e), e);
    }
  }

  /**
   * Makes a configured serializer of Avro values.
   *
   * @throws ConfigException when {@code schema.registry.url} is absent
   */
  public <V extends SpecificRecord> Serializer<V> serializer() {
    AvroSerializer<V> serializer = new AvroSerializer<>();
    serializer.configure(registryProperties(), false);
    return serializer;
  }

  /**
   * Makes a configured deserializer of one topic's values.
   *
   * @throws ConfigException when {@code schema.registry.url} is absent
   */
  public <V extends SpecificRecord> Deserializer<V> deserializer(TopicSpec<V> topic) {
    AvroDeserializer<V> deserializer = new AvroDeserializer<>(topic.valueType());
    deserializer.configure(registryProperties(), false);
    return deserializer;
  }

  private Map<String, Object> registryProperties() {
    require("schema.registry.url", "the address of the schema registry, such as http://host:8081");
    return properties;
  }

  private Map<String, Object> producerProperties(int maxBytes, Map<String, ?> overrides) {
    return merge(
        "producer",
        Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            maxBytes,
            // A record larger than the whole buffer would be refused.
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            Math.max(DEFAULT_BUFFER_BYTES, 2L * maxBytes)),
        overrides);
  }

  private Map<String, Object> consumerProperties(String group, Map<String, ?> overrides) {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, lowerCase(IsolationLevel.READ_COMMITTED));
    defaults.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    defaults.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    defaults.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    if (group != null) {
      defaults.put(ConsumerConfig.GROUP_ID_CONFIG, group);
      defaults.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, lowerCase(GroupProtocol.CONSUMER));
    }
    return merge("consumer", defaults, overrides);
  }

  private Map<String, Object> merge(
      String kind, Map<String, ?> defaults, Map<String, ?> overrides) {
    Map<String, Object> merged = new HashMap<>(defaults);
    merged.putAll(properties);
    // One id for several clients would make their metrics collide.
    merged.put(
        CommonClientConfigs.CLIENT_ID_CONFIG,
        clientId + "-" + kind + "-" + count.incrementAndGet());
    merged.putAll(overrides);
    return merged;
  }

  private void require(String key, String meaning) {
    Object value = properties.get(key);
    if (value == null || value.toString().isBlank()) {
      throw new ConfigException(key + " is not set: give it " + meaning + ".");
    }
  }

  private <C> C make(String kind, Supplier<C> constructor) {
    try {
      return constructor.get();
    } catch (KafkaException e) {
      throw new ConfigException(
          "The Kafka %s of %s cannot be made from the configuration: %s."
              .formatted(kind, clientId, Throwables.getRootCause(e).getMessage()),
          e);
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
