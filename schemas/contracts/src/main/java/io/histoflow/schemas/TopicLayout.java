package io.histoflow.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How a topic lies on the brokers, whatever its records are.
 *
 * @param name name of the topic
 * @param partitions number of partitions, 1 or more
 * @param cleanup how it is cleaned up
 * @param retention how long records are kept, above 0; null = for ever
 * @param maxMessageBytes largest record batch in bytes, 1 or more
 */
public record TopicLayout(
    String name, int partitions, Cleanup cleanup, Duration retention, int maxMessageBytes) {

  public TopicLayout {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(cleanup, "cleanup");
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "Topic " + name + ": partitions is " + partitions + ", must be 1 or more");
    }
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "Topic " + name + ": maxMessageBytes is " + maxMessageBytes + ", must be 1 or more");
    }
    if (retention != null && (retention.isNegative() || retention.isZero())) {
      throw new IllegalArgumentException(
          "Topic " + name + ": retention is " + retention + ", must be above 0 or null (for ever)");
    }
    if (retention != null && cleanup == Cleanup.COMPACT) {
      throw new IllegalArgumentException(
          "Topic " + name + ": a compacted topic is kept for ever, its retention must be null");
    }
  }

  /** Returns this layout with another number of partitions. */
  public TopicLayout withPartitions(int count) {
    return new TopicLayout(name, count, cleanup, retention, maxMessageBytes);
  }

  /** Returns the topic's settings as Kafka names them. */
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
    if (cleanup == Cleanup.DELETE) {
      long millis = retention == null ? -1 : retention.toMillis();
      settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(millis));
    }
    return settings;
  }
}
