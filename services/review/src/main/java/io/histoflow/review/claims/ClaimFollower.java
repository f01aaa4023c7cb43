package io.histoflow.review.claims;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.TileClaim;
import io.histoflow.schemas.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps the book in step with the topic of claims. A record that is no claim is skipped. */
public final class ClaimFollower implements AutoCloseable {
  private final KafkaClients clients;
  private final ClaimBook book;
  private CompactedTopicReader<TileClaim> reader;

  /** Makes the follower without starting it. */
  public ClaimFollower(KafkaClients clients, ClaimBook book) {
    this.clients = clients;
    this.book = book;
    this.reader = newReader();
  }

  /** Starts following and returns when the claims of this moment are in the book. */
  public void start() {
    reader.start();
  }

  /** Returns why following ended, empty while it goes on. */
  public Optional<Throwable> failure() {
    return reader.state() == ServiceState.FAILED ? reader.failure() : Optional.empty();
  }

  /**
   * Follows anew where following has ended.
   *
   * @throws io.histoflow.platform.lifecycle.ServiceException where Kafka cannot be read
   */
  public void restartFailed() {
    if (reader.state() == ServiceState.FAILED) {
      reader = newReader();
      reader.start();
    }
  }

  @Override
  public void close() {
    reader.close();
  }

  private CompactedTopicReader<TileClaim> newReader() {
    return new CompactedTopicReader<>(clients, Topics.TILES_CLAIMS, this::take);
  }

  private void take(ConsumerRecord<String, TileClaim> record) {
    book.take(
        record.key(),
        Optional.ofNullable(record.value()),
        new RecordPosition(record.topic(), record.partition(), record.offset()));
  }
}
