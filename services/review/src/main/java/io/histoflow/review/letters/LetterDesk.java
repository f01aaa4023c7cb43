package io.histoflow.review.letters;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterException;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.platform.letters.LetterRetry;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Publishes the records of dead letters again, as the command {@code dead-letters retry} does, and
 * in the same transaction who did so. One at a time; connects for each, for that is rare.
 */
public final class LetterDesk {
  /** The record as it was fetched, as it is read, and as it is sent. */
  private static final long BYTES_OF_WORK = 3L * Topics.TILES_DEAD_LETTER.maxMessageBytes();

  private final ServiceConfig config;
  private final Map<String, Object> sending;
  private final LetterReader letters;
  private final Serializer<SpecificRecord> serializer;
  private final AuditTrail audit;
  private final WorkBudget work;

  /**
   * Connects to nothing yet; the caller closes what it is given.
   *
   * @param config where Kafka is
   * @param sending settings of the producer, for somebody waits
   * @param work bounds what is in memory
   */
  public LetterDesk(
      ServiceConfig config,
      Map<String, Object> sending,
      LetterReader letters,
      Serializer<SpecificRecord> serializer,
      AuditTrail audit,
      WorkBudget work) {
    this.config = config;
    this.sending = sending;
    this.letters = letters;
    this.serializer = serializer;
    this.audit = audit;
    this.work = work;
  }

  /**
   * Publishes a letter's record again where it came from.
   *
   * @param by who wants it
   * @param again whether also where it was published again before
   * @return the topic
   * @throws RefusedException where there is no such letter, its record cannot be published again,
   *     or Kafka did not take it
   */
  public synchronized String retry(LetterId id, String by, boolean again) throws RefusedException {
    WorkBudget.Share share = work.take(BYTES_OF_WORK);
    // Whoever else publishes letters is fenced off first: what they did is noted by then.
    try (share;
        LetterRetry retry = new LetterRetry(config, sending)) {
      LetterReader.Found found = letters.readWithNotes(id);
      DeadLetter letter = found.letter();
      Optional<String> obstacle = LetterRetry.obstacle(letter, Optional.empty());
      if (obstacle.isPresent()) {
        throw new RefusedException(Reason.ALERT_CONFLICT, obstacle.get());
      }
      if (found.retried() && !again) {
        throw new RefusedException(
            Reason.ALERT_CONFLICT,
            "The record of letter %s was published again before: say that it is to be once more."
                .formatted(id));
      }
      retry.publish(letter, List.of(act(by, letter)));
      return letter.topic();
    } catch (LetterException | KafkaException | ServiceException e) {
      throw new RefusedException(
          Reason.NOT_PUBLISHED,
          "The record of letter %s was not published again: %s"
              .formatted(id, Sentences.of(e instanceof LetterException ? e.getCause() : e)),
          e);
    }
  }

  private ProducerRecord<byte[], byte[]> act(String by, DeadLetter letter) {
    ReviewAct act = audit.ofRetry(by, letter);
    return new ProducerRecord<>(
        Topics.REVIEWERS_ACTS.name(),
        by.getBytes(StandardCharsets.UTF_8),
        serializer.serialize(Topics.REVIEWERS_ACTS.name(), act));
  }
}
