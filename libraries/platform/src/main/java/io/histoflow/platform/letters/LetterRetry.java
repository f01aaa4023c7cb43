package io.histoflow.platform.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.Cleanup;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Publishes the records of dead letters again where they came from, with their key, value and
 * headers. A transaction holds some of them and the note that these were published again, so that
 * nothing is published twice by accident, whatever breaks off.
 */
public final class LetterRetry implements AutoCloseable {
  /** The header of a record that was published again: the id of its letter. */
  public static final String RETRIED = "histoflow.retried.letter";

  private static final Set<String> ABOUT_WEIGHTS =
      Set.of(
          Topics.DECODER_WEIGHTS.name(),
          Topics.DECODER_ARCHIVE.name(),
          Topics.DECODER_DECISIONS.name(),
          Topics.DECODER_CHANGES.name());
  private static final int MOST_LETTERS = 100;
  private static final long MOST_BYTES = 16L << 20;

  private final TransactionalPublisher publisher;
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<LetterId> ids = new ArrayList<>();
  private long bytes;
  private long published;

  /**
   * Connects.
   *
   * @param config how to reach the cluster
   */
  public LetterRetry(ServiceConfig config) {
    this(config, Map.of());
  }

  /**
   * Connects.
   *
   * @param config how to reach the cluster
   * @param overrides of the producer's settings, such as how long somebody waits
   */
  public LetterRetry(ServiceConfig config, Map<String, Object> overrides) {
    KafkaClients clients = new KafkaClients(config, "dead-letters");
    publisher =
        clients.transactions(
            TransactionalIds.DEAD_LETTERS,
            "Somebody else publishes dead letters again at this moment: wait for that to end.",
            overrides);
    publisher.open();
  }

  /**
   * Says why a letter's record cannot be published again: it must be whole, and of a topic of ours
   * that tells of events. On a topic that keeps the latest record of a key it would take the place
   * of what came after it, so such a topic has to be named; weights and decisions about them have
   * their own commands.
   *
   * @param named the topic that was asked for by name
   * @return one sentence; empty where it can be
   */
  public static Optional<String> obstacle(DeadLetter letter, Optional<String> named) {
    if (letter.record().value() == null) {
      return Optional.of("The letter holds no record that could be published again.");
    }
    String topic = letter.topic();
    Optional<TopicSpec<?>> ours =
        Topics.all().stream().filter(spec -> spec.name().equals(topic)).findAny();
    if (ours.isEmpty()) {
      return Optional.of(
          DeadLetters.text(letter.record().headers(), DeadLetters.TOPIC).isBlank()
              ? "The letter does not say from which topic its record came: it stays."
              : "Its topic " + topic + " is none of histoflow's: nothing is published there.");
    }
    if (ABOUT_WEIGHTS.contains(topic)) {
      return Optional.of(
          "What is about weights is not published again: 'histoflow weights' and the page of the"
              + " models change these.");
    }
    if (ours.get().cleanup() != Cleanup.DELETE && named.filter(topic::equals).isEmpty()) {
      return Optional.of(
          "Its topic keeps the latest record of a key, whose place this one would take: 'histoflow"
              + " dead-letters retry --topic' publishes it again where that is meant.");
    }
    return Optional.empty();
  }

  /**
   * Publishes a record again, with others soon.
   *
   * @throws LetterException when the brokers refuse; what {@link #published} counts is safe
   */
  public void add(DeadLetter letter) {
    records.add(again(letter));
    ids.add(letter.id());
    bytes += letter.bytes();
    if (ids.size() >= MOST_LETTERS || bytes >= MOST_BYTES) {
      flush();
    }
  }

  /**
   * Publishes a record again at once, with others in the same transaction.
   *
   * @param others such as who did so
   * @throws LetterException when the brokers refuse: then nothing was published
   */
  public void publish(DeadLetter letter, List<ProducerRecord<byte[], byte[]>> others) {
    records.addAll(others);
    add(letter);
    flush();
  }

  /**
   * Publishes what is left.
   *
   * @throws LetterException when the brokers refuse; what {@link #published} counts is safe
   */
  public void flush() {
    if (ids.isEmpty()) {
      return;
    }
    records.addAll(LetterNote.records(ids));
    try {
      publisher.publish(records);
    } catch (TransactionFailedException e) {
      throw new LetterException(
          "The letters from "
              + ids.get(0)
              + " on were not published again ("
              + Sentences.of(e)
              + "), "
              + published
              + " before them were: run the command once more.",
          e);
    }
    published += ids.size();
    records.clear();
    ids.clear();
    bytes = 0;
  }

  /** How many were published. */
  public long published() {
    return published;
  }

  @Override
  public void close() {
    publisher.close();
  }

  private static ProducerRecord<byte[], byte[]> again(DeadLetter letter) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : letter.record().headers()) {
      if (!header.key().startsWith(DeadLetters.PREFIX)
          && !header.key().equals(DeadLetters.SERVICE)
          && !header.key().equals(RETRIED)) {
        headers.add(header);
      }
    }
    headers.add(RETRIED, letter.id().toString().getBytes(UTF_8));
    return new ProducerRecord<>(
        letter.topic(), null, null, letter.record().key(), letter.record().value(), headers);
  }
}
