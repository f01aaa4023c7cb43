package io.histoflow.review.claims;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.TileClaim;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, renews and ends claims. What is answered has been read back from the topic, so that of two
 * who claim a tile at once, through whichever services, one has it. Safe for use by several
 * threads.
 */
public final class ClaimDesk implements AutoCloseable {
  /** How long Kafka may take for one claim. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int MOST_OF_ONE = 100;

  private final Logger log = LoggerFactory.getLogger(ClaimDesk.class);
  private final AlertQueue queue;
  private final ClaimBook book;
  private final Producer<String, TileClaim> producer;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Duration lease;
  private final String workerId;

  /**
   * Takes over a producer.
   *
   * @param producer that gives a record up after {@link #TIMEOUT}
   * @param lease how long a claim lasts unless it is renewed, up to {@link ClaimBook#LONGEST}
   * @param workerId this service's name
   */
  public ClaimDesk(
      AlertQueue queue,
      ClaimBook book,
      Producer<String, TileClaim> producer,
      AuditTrail audit,
      InstantSource clock,
      Duration lease,
      String workerId) {
    this.queue = queue;
    this.book = book;
    this.producer = producer;
    this.audit = audit;
    this.clock = clock;
    this.lease = lease;
    this.workerId = workerId;
  }

  /** Returns how long a claim lasts unless it is renewed. */
  public Duration lease() {
    return lease;
  }

  /**
   * Claims an open alert's tile, or renews what one has.
   *
   * @param reviewer who, 1 to 128 characters
   * @return the claim, as it stands in the topic
   * @throws RefusedException where the alert is not open, another has the tile, the reviewer has
   *     very many, or Kafka did not take the claim
   */
  public TileClaim claim(String tileId, String reviewer) throws RefusedException {
    Alert alert = queue.get(tileId);
    Optional<TileClaim> own = requireFree(tileId, reviewer);
    if (own.isEmpty() && book.heldBy(reviewer) >= MOST_OF_ONE) {
      throw new RefusedException(
          Reason.CLAIMED,
          "%s has %s tiles already: give verdicts on some, or put them away."
              .formatted(reviewer, MOST_OF_ONE));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    publish(
        tileId,
        TileClaim.newBuilder()
            .setTileId(tileId)
            .setReviewer(reviewer)
            .setClaimedAt(own.map(TileClaim::getClaimedAt).orElse(now))
            .setRenewedAt(now)
            .setExpiresAt(now.plus(lease))
            .setWorkerId(workerId)
            .build());
    try {
      TileClaim claim =
          requireFree(tileId, reviewer)
              .orElseThrow(
                  () ->
                      new RefusedException(
                          Reason.ALERT_CONFLICT,
                          "Tile " + tileId + " was given its verdict, or put away, just now."));
      if (own.isEmpty()) {
        audit.claimed(reviewer, tileId, alert.segmentation().getSlideId());
      }
      return claim;
    } catch (RefusedException e) {
      // Compaction keeps the last record of a tile: that of who was faster, not this one.
      book.find(tileId).ifPresent(faster -> send(tileId, faster));
      throw e;
    }
  }

  /** Ends a claim of one's own; another's stays, and where there is none nothing is done. */
  public void release(String tileId, String reviewer) throws RefusedException {
    if (book.written(tileId).filter(claim -> claim.getReviewer().equals(reviewer)).isPresent()) {
      publish(tileId, null);
    }
  }

  /** Ends claims whose time is over; those of other services are ended by them. */
  public void endOver() {
    for (TileClaim claim : book.forgetOver()) {
      if (claim.getWorkerId().equals(workerId)) {
        send(claim.getTileId(), null);
      }
    }
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
  }

  /** Returns the reviewer's own claim, empty where nobody has the tile. */
  private Optional<TileClaim> requireFree(String tileId, String reviewer) throws RefusedException {
    Optional<TileClaim> present = book.find(tileId);
    if (present.isPresent() && !present.get().getReviewer().equals(reviewer)) {
      throw new RefusedException(
          Reason.CLAIMED,
          "%s has tile %s open: take another, or give a second opinion."
              .formatted(present.get().getReviewer(), tileId));
    }
    return present;
  }

  private void publish(String tileId, TileClaim claim) throws RefusedException {
    try {
      RecordMetadata written =
          producer
              .send(new ProducerRecord<>(Topics.TILES_CLAIMS.name(), tileId, claim))
              .get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      RecordPosition position =
          new RecordPosition(written.topic(), written.partition(), written.offset());
      if (!book.awaitRead(position, TIMEOUT)) {
        throw notPublished(tileId, "it cannot be read back", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notPublished(tileId, "the service is closing", e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw notPublished(tileId, Sentences.of(e), e);
    }
  }

  private static RefusedException notPublished(String tileId, String why, Exception cause) {
    return new RefusedException(
        Reason.NOT_PUBLISHED,
        "That tile %s is being reviewed could not be published, so that others may open it, too (%s)."
            .formatted(tileId, why),
        cause);
  }

  /** What is lost of this is made good by time. */
  private void send(String tileId, TileClaim claim) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.TILES_CLAIMS.name(), tileId, claim),
              (metadata, failure) -> {
                if (failure != null) {
                  warn(tileId, failure);
                }
              });
    } catch (KafkaException e) {
      warn(tileId, e);
    }
  }

  private void warn(String tileId, Exception failure) {
    log.atWarn()
        .addKeyValue("tileId", tileId)
        .log("The end of a claim could not be published: {}", Sentences.of(failure));
  }
}
