package io.histoflow.review.queue;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps the queue in step with the topic of alerts. What is no alert is handed to {@link
 * UnusableAlerts}.
 */
public final class AlertFollower implements AutoCloseable {
  private final KafkaClients clients;
  private final AlertQueue queue;
  private final UnusableAlerts unusable;
  private CompactedTopicReader<ReviewRequested> reader;

  /** Makes the follower without starting it. */
  public AlertFollower(KafkaClients clients, AlertQueue queue, UnusableAlerts unusable) {
    this.clients = clients;
    this.queue = queue;
    this.unusable = unusable;
    this.reader = newReader();
  }

  /** Starts following and returns when the alerts open at this moment are in the queue. */
  public void start() {
    reader.start();
  }

  /**
   * Reads the alerts from the beginning once more: for those that the queue had left out, or
   * because following had ended.
   *
   * @throws io.histoflow.platform.lifecycle.ServiceException where Kafka cannot be read; the queue
   *     then shows what it held and takes no verdicts until this succeeds
   */
  public void reload() {
    reader.close();
    queue.reread();
    reader = newReader();
    reader.start();
    queue.rereadToTheEnd();
  }

  /** Returns why following ended, empty while it goes on. */
  public Optional<Throwable> failure() {
    return reader.state() == ServiceState.FAILED ? reader.failure() : Optional.empty();
  }

  @Override
  public void close() {
    reader.close();
  }

  private CompactedTopicReader<ReviewRequested> newReader() {
    return new CompactedTopicReader<>(clients, Topics.TILES_REVIEW, new IntoQueue());
  }

  /** Every record has a key: the brokers refuse one without on a compacted topic. */
  private final class IntoQueue implements CompactedTopicReader.Handler<ReviewRequested> {

    @Override
    public void onRecord(ConsumerRecord<String, ReviewRequested> record) {
      RecordPosition position = position(record);
      if (record.value() == null) {
        unusable.superseded(record.key());
        queue.close(record.key(), position, Instant.ofEpochMilli(record.timestamp()));
        return;
      }
      try {
        Alert alert = Alert.of(record.key(), record.value(), position);
        unusable.superseded(record.key());
        queue.raise(alert);
      } catch (RuntimeException e) {
        // Whatever it is: following must not end with one record.
        unusable.add(record.key(), position, e);
      }
    }

    @Override
    public void onUnreadable(ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
      unusable.add(new String(record.key(), StandardCharsets.UTF_8), position(record), why);
    }

    private RecordPosition position(ConsumerRecord<?, ?> record) {
      return new RecordPosition(record.topic(), record.partition(), record.offset());
    }
  }
}
