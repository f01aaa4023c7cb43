package io.histoflow.review.queue;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.refusal.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on the topic of alerts that nobody can review. Each goes to the dead-letter topic, and a
 * tombstone takes its place in the same transaction: otherwise the compacted topic would keep it
 * for ever and every start would meet it again. Of several review services each may do so with one
 * record, if they come to it in the same moment: its dead letter then stands there more than once.
 */
public final class UnusableAlerts {
  private static final int MOST_WAITING = 10_000;
  // Keys may be as large as records.
  private static final long MOST_CHARACTERS = 16 << 20;

  private final Logger log = LoggerFactory.getLogger(UnusableAlerts.class);
  private final RecordReader records;
  private final TransactionalPublisher sender;
  private final Runnable counter;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private long characters;

  /** Begins with none; the counter is called for each record that was set aside. */
  public UnusableAlerts(RecordReader records, TransactionalPublisher sender, Runnable counter) {
    this.records = records;
    this.sender = sender;
    this.counter = counter;
  }

  /**
   * Notes a record; {@link #setAside} does the rest, since the log may hold its tombstone already.
   *
   * @param key key of the record
   * @param position where it lies
   * @param why what is wrong with it
   */
  synchronized void add(String key, RecordPosition position, RuntimeException why) {
    if (waiting.containsKey(key)) {
      waiting.put(key, new Waiting(position, why));
    } else if (waiting.size() < MOST_WAITING && characters + key.length() <= MOST_CHARACTERS) {
      waiting.put(key, new Waiting(position, why));
      characters += key.length();
    }
  }

  /** Forgets a record in whose place another has come. */
  synchronized void superseded(String key) {
    if (waiting.remove(key) != null) {
      characters -= key.length();
    }
  }

  /** Sends what has been noted to the dead-letter topic; what fails is tried again next time. */
  public void setAside() {
    for (Optional<Map.Entry<String, Waiting>> next = first(); next.isPresent(); next = first()) {
      String key = next.get().getKey();
      Waiting unusable = next.get().getValue();
      try {
        Optional<ConsumerRecord<byte[], byte[]>> record = records.read(unusable.position());
        if (record.isPresent()) {
          setAside(record.get(), unusable);
        }
        forget(key, unusable);
      } catch (RefusedException | TransactionFailedException e) {
        log.atWarn()
            .addKeyValue("position", unusable.position())
            .log("An unusable alert stays for now: {}", e.getMessage());
        return;
      }
    }
  }

  private void setAside(ConsumerRecord<byte[], byte[]> record, Waiting unusable)
      throws TransactionFailedException {
    sender.publish(
        List.of(
            DeadLetters.of(record, unusable.why(), "review"),
            new ProducerRecord<>(record.topic(), record.partition(), record.key(), null)));
    counter.run();
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("An unusable alert went to the dead-letter topic: {}", unusable.why().getMessage());
  }

  private synchronized Optional<Map.Entry<String, Waiting>> first() {
    return waiting.entrySet().stream()
        .findFirst()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()));
  }

  /** Unless another has come in its place meanwhile. */
  private synchronized void forget(String key, Waiting unusable) {
    if (waiting.remove(key, unusable)) {
      characters -= key.length();
    }
  }

  private record Waiting(RecordPosition position, RuntimeException why) {}
}
