package io.histoflow.platform.kafka;

import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.TopicSpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The latest value of every key of a compacted topic, in memory and up to date. {@link #start}
 * returns when the topic's content of that moment is there. Safe for use by several threads.
 *
 * @param <V> the Avro record
 */
public final class TopicCache<V extends SpecificRecord> implements Service {
  private final Map<String, V> values = new ConcurrentHashMap<>();
  private final CompactedTopicReader<V> reader;

  /**
   * Makes the cache without starting it.
   *
   * @param clients the clients' configuration
   * @param topic the topic
   */
  public TopicCache(KafkaClients clients, TopicSpec<V> topic) {
    this.reader = new CompactedTopicReader<>(clients, topic, this::update);
  }

  /**
   * Returns the latest value of a key.
   *
   * @param key the key
   * @return the value, empty when there is none or the last record was a tombstone
   */
  public Optional<V> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * Returns all keys with their latest values at this moment.
   *
   * @return an immutable copy
   */
  public Map<String, V> snapshot() {
    return Map.copyOf(values);
  }

  @Override
  public String name() {
    return reader.name();
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public ServiceState state() {
    return reader.state();
  }

  @Override
  public Optional<Throwable> failure() {
    return reader.failure();
  }

  @Override
  public void close() {
    reader.close();
  }

  private void update(ConsumerRecord<String, V> record) {
    if (record.key() == null) {
      return;
    }
    if (record.value() == null) {
      values.remove(record.key());
    } else {
      values.put(record.key(), record.value());
    }
  }
}
