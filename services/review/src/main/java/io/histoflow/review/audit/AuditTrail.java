package io.histoflow.review.audit;

import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import io.histoflow.schemas.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who did what. Verdicts and second opinions take their act into their own transaction,
 * so that there is none without it; of what else cannot be written the log says who did what. Safe
 * for use by several threads.
 */
public final class AuditTrail implements AutoCloseable {
  // Any bytes may have been sent as a key.
  private static final int MOST_KEY_CHARS = 256;

  private final Logger log = LoggerFactory.getLogger(AuditTrail.class);
  private final Producer<String, ReviewAct> producer;
  private final InstantSource clock;
  private final String workerId;

  /**
   * Takes over a producer.
   *
   * @param workerId this service's name
   */
  public AuditTrail(Producer<String, ReviewAct> producer, InstantSource clock, String workerId) {
    this.producer = producer;
    this.clock = clock;
    this.workerId = workerId;
  }

  /** Returns the act of a verdict or a second opinion, to be published with it. */
  public ReviewAct of(ReviewActKind kind, MaskCorrected verdict) {
    return RecordCopy.with(
        act(
            kind,
            verdict.getReviewer(),
            verdict.getCorrectedAt(),
            Optional.of(verdict.getTileId()),
            Optional.of(verdict.getSlideId()),
            Optional.of(verdict.getVerdict().name())),
        Map.of(
            "organ",
            verdict.getOrgan(),
            "modelId",
            verdict.getModelId(),
            "modelVersion",
            verdict.getModelVersion()));
  }

  /** Returns the act of publishing a refused record again, to be published with it. */
  public ReviewAct ofRetry(String reviewer, DeadLetter letter) {
    return act(
        ReviewActKind.RETRIED,
        reviewer,
        clock.instant(),
        keyOf(letter, "tileId"),
        keyOf(letter, "slideId"),
        Optional.of("letter " + letter.id() + " to " + letter.topic()));
  }

  /** Notes that somebody opened a session. */
  public void signedIn(String reviewer, String address) {
    note(
        act(
            ReviewActKind.SIGNED_IN,
            reviewer,
            clock.instant(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("from " + address)));
  }

  /** Notes that somebody has claimed a tile. */
  public void claimed(String reviewer, String tileId, String slideId) {
    note(
        act(
            ReviewActKind.CLAIMED,
            reviewer,
            clock.instant(),
            Optional.of(tileId),
            Optional.of(slideId),
            Optional.empty()));
  }

  /** Notes that somebody took a slide's results out, as what. */
  public void exported(String reviewer, String slideId, String format) {
    note(
        act(
            ReviewActKind.EXPORTED,
            reviewer,
            clock.instant(),
            Optional.empty(),
            Optional.of(slideId),
            Optional.of("as " + format)));
  }

  @Override
  public void close() {
    producer.close();
  }

  /** Returns the key of a letter's record where that is, on its topic, an id of this kind. */
  private static Optional<String> keyOf(DeadLetter letter, String kind) {
    return Topics.all().stream()
        .filter(spec -> spec.name().equals(letter.topic()) && spec.key().equals(kind))
        .map(spec -> letter.key())
        .filter(key -> !key.isEmpty() && key.length() <= MOST_KEY_CHARS)
        .findAny();
  }

  private ReviewAct act(
      ReviewActKind kind,
      String reviewer,
      Instant at,
      Optional<String> tileId,
      Optional<String> slideId,
      Optional<String> detail) {
    return ReviewAct.newBuilder()
        .setKind(kind)
        .setReviewer(reviewer)
        .setAt(at)
        .setTileId(tileId.orElse(null))
        .setSlideId(slideId.orElse(null))
        .setDetail(detail.orElse(null))
        .setWorkerId(workerId)
        .build();
  }

  private void note(ReviewAct act) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.REVIEWERS_ACTS.name(), act.getReviewer(), act),
              (metadata, failure) -> {
                if (failure != null) {
                  warn(act, failure);
                }
              });
    } catch (KafkaException e) {
      warn(act, e);
    }
  }

  private void warn(ReviewAct act, Exception failure) {
    log.atWarn()
        .addKeyValue("kind", act.getKind())
        .addKeyValue("reviewer", act.getReviewer())
        .addKeyValue("tileId", act.getTileId())
        .log("An act is missing on the audit topic: {}", Sentences.of(failure));
  }
}
