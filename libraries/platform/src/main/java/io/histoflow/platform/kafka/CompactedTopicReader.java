package io.histoflow.platform.kafka;

import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic from its beginning to its end, then follows it; meant for compacted topics, whose
 * whole content is the present state: decoder weights, thresholds, open alerts.
 *
 * <p>{@link #start} returns when everything that was committed at that moment has been handed to
 * the handler. The handler is called on the reader's own thread, in order within each partition;
 * one that throws ends the reader. The reader belongs to no consumer group and commits nothing, so
 * every process that has one sees every record.
 *
 * @param <V> the Avro record
 */
public final class CompactedTopicReader<V extends SpecificRecord> extends LoopService {
  private static final Logger log = LoggerFactory.getLogger(CompactedTopicReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
  private static final long REGISTRY_RETRY_MILLIS = 1000;

  /** About a minute. */
  private static final int TRIES_PER_WARNING = 60;

  /**
   * Receives the records.
   *
   * @param <V> the Avro record
   */
  @FunctionalInterface
  public interface Handler<V> {

    /**
     * Receives the next record.
     *
     * @param record the record; a null value is a tombstone
     */
    void onRecord(ConsumerRecord<String, V> record);

    /**
     * Receives a record that is not what the topic promises. It is skipped; the default logs it.
     * Every reader of the topic meets it, so none sends it to the dead-letter topic by itself.
     *
     * @param record the record as bytes
     * @param why what is wrong with it
     */
    default void onUnreadable(ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
      log.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .log("A record is skipped: {}", why.getMessage());
    }
  }

  private final KafkaClients clients;
  private final TopicSpec<V> topic;
  private final Handler<V> handler;
  private final CountDownLatch closing = new CountDownLatch(1);
  private Deserializer<V> deserializer;
  private volatile Consumer<byte[], byte[]> consumer;

  /**
   * Makes the reader without starting it.
   *
   * @param clients the clients' configuration
   * @param topic the topic
   * @param handler receives the records
   */
  public CompactedTopicReader(KafkaClients clients, TopicSpec<V> topic, Handler<V> handler) {
    super("reader-" + topic.name(), CLOSE_TIMEOUT);
    this.clients = clients;
    this.topic = topic;
    this.handler = handler;
  }

  @Override
  protected void onStart() throws InterruptedException {
    deserializer = clients.deserializer(topic);
    consumer = clients.bytesConsumer(null, Map.of());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException(
          "there is no topic " + topic.name() + " on the brokers; create the topics first.");
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (!isClosing() && partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      runOnce();
    }
  }

  @Override
  protected void runOnce() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      hand(record);
    }
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
    Consumer<byte[], byte[]> present = consumer;
    if (present != null) {
      present.wakeup();
    }
  }

  @Override
  protected void onStop() {
    if (consumer != null) {
      consumer.close();
    }
    if (deserializer != null) {
      deserializer.close();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void hand(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    V value;
    try {
      value = read(record);
    } catch (MalformedRecordException e) {
      handler.onUnreadable(record, e);
      return;
    }
    if (record.key() == null) {
      handler.onUnreadable(
          record,
          new MalformedRecordException("A record on topic " + topic.name() + " has no key"));
      return;
    }
    try {
      handler.onRecord(readable(record, value));
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      // What one record does to its handler is that record's fault, and no reason to stop reading.
      handler.onUnreadable(
          record,
          new MalformedRecordException(
              "A record on topic " + topic.name() + " cannot be used: " + Sentences.of(e), e));
    }
  }

  private ConsumerRecord<String, V> readable(ConsumerRecord<byte[], byte[]> record, V value) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        new String(record.key(), StandardCharsets.UTF_8),
        value,
        record.headers(),
        Optional.empty());
  }

  /** A registry that does not answer is no reason to skip a record. */
  private V read(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        return deserializer.deserialize(record.topic(), record.value());
      } catch (RegistryUnavailableException e) {
        if (tries % TRIES_PER_WARNING == 0) {
          log.atWarn()
              .addKeyValue("topic", record.topic())
              .addKeyValue("partition", record.partition())
              .addKeyValue("offset", record.offset())
              .log("Waiting for the schema registry: {}", e.getMessage());
        }
        if (closing.await(REGISTRY_RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new InterruptedException("closed while waiting for the schema registry");
        }
      }
    }
  }
}
