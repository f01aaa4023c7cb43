package io.histoflow.review.kafka;

import java.util.Objects;

/**
 * Where a record lies in Kafka.
 *
 * @param topic name of the topic
 * @param partition partition, 0 or more
 * @param offset offset, 0 or more
 */
public record RecordPosition(String topic, int partition, long offset) {

  public RecordPosition {
    Objects.requireNonNull(topic, "topic");
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "No record lies at " + text(topic, partition, offset) + ": counting begins at 0");
    }
  }

  /** Returns {@code topic/partition@offset}. */
  @Override
  public String toString() {
    return text(topic, partition, offset);
  }

  private static String text(String topic, int partition, long offset) {
    return topic + "/" + partition + "@" + offset;
  }
}
