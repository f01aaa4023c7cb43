package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.Topics;
import java.util.List;

/**
 * Keeps a {@link VersionLedger} up to date with its topics, from {@link #start} to {@link #close}.
 */
public final class LedgerFollower implements AutoCloseable {
  private final List<CompactedTopicReader<?>> readers;

  /**
   * Makes it without starting it.
   *
   * @param clients makes the consumers
   * @param ledger is kept up to date
   * @param changed called after each record, on a reader's thread
   */
  public LedgerFollower(KafkaClients clients, VersionLedger ledger, Runnable changed) {
    readers =
        List.of(
            new CompactedTopicReader<>(
                clients,
                Topics.DECODER_ARCHIVE,
                record -> {
                  ledger.applyArchived(record.key(), record.value(), record.headers());
                  changed.run();
                }),
            new CompactedTopicReader<>(
                clients,
                Topics.DECODER_DECISIONS,
                record -> {
                  if (ledger.modelId().equals(record.key()) && record.value() != null) {
                    ledger.apply(record.value());
                    changed.run();
                  }
                }),
            new CompactedTopicReader<>(
                clients,
                Topics.DECODER_CHANGES,
                record -> {
                  if (ledger.modelId().equals(record.key()) && record.value() != null) {
                    ledger.apply(record.value());
                    changed.run();
                  }
                }));
  }

  /** Reads the topics to their ends of this moment, then follows them. */
  public void start() {
    try {
      readers.forEach(CompactedTopicReader::start);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Throws when a topic is not followed any more.
   *
   * @throws ServiceException where reading it has failed
   */
  public void requireRunning() {
    for (CompactedTopicReader<?> reader : readers) {
      if (reader.state() == ServiceState.FAILED) {
        Throwable cause = reader.failure().orElseThrow();
        throw new ServiceException(
            "What entitles weights to come into force cannot be followed: " + Sentences.of(cause),
            cause);
      }
    }
  }

  @Override
  public void close() {
    readers.forEach(CompactedTopicReader::close);
  }
}
