package io.histoflow.review.correction;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;

/** Publishes a verdict, the tombstone that closes its alert, and who did so in one transaction. */
public final class CorrectionPublisher {
  private final TransactionalPublisher sender;
  private final Serializer<SpecificRecord> serializer;
  private final AuditTrail audit;

  /** Makes the publisher; the caller closes what it is given. */
  public CorrectionPublisher(
      TransactionalPublisher sender, Serializer<SpecificRecord> serializer, AuditTrail audit) {
    this.sender = sender;
    this.serializer = serializer;
    this.audit = audit;
  }

  /**
   * Publishes a verdict and closes its alert.
   *
   * @param correction the verdict
   * @param alert where the alert lies: its tombstone goes to the same partition
   * @param claimed whether somebody has claimed the tile: that ends, too
   * @param next the alert by which a second person is asked; empty where nobody is
   * @throws RefusedException where Kafka or the schema registry did not take it
   */
  public void publish(
      MaskCorrected correction,
      RecordPosition alert,
      boolean claimed,
      Optional<ReviewRequested> next)
      throws RefusedException {
    List<ProducerRecord<byte[], byte[]>> ends = ends(correction, alert, claimed);
    next.ifPresent(
        request ->
            ends.add(
                new ProducerRecord<>(
                    alert.topic(),
                    alert.partition(),
                    key(correction),
                    serializer.serialize(alert.topic(), request))));
    publish(correction, Topics.MASKS_CORRECTED, ReviewActKind.DECIDED, ends);
  }

  /**
   * Publishes what a second reader said and closes the alert by which this person was asked.
   *
   * @throws RefusedException where Kafka or the schema registry did not take it
   */
  public void publishSecondReading(MaskCorrected opinion, RecordPosition alert, boolean claimed)
      throws RefusedException {
    publish(
        opinion,
        Topics.MASKS_OPINIONS,
        ReviewActKind.SECOND_OPINION,
        ends(opinion, alert, claimed));
  }

  private static List<ProducerRecord<byte[], byte[]>> ends(
      MaskCorrected correction, RecordPosition alert, boolean claimed) {
    List<ProducerRecord<byte[], byte[]>> ends = new ArrayList<>();
    ends.add(new ProducerRecord<>(alert.topic(), alert.partition(), key(correction), null));
    if (claimed) {
      ends.add(new ProducerRecord<>(Topics.TILES_CLAIMS.name(), key(correction), null));
    }
    return ends;
  }

  /**
   * Publishes a verdict on a tile without an alert; it closes nothing.
   *
   * @throws RefusedException where Kafka or the schema registry did not take it
   */
  public void publishUnasked(MaskCorrected correction) throws RefusedException {
    publish(correction, Topics.MASKS_CORRECTED, ReviewActKind.DECIDED, List.of());
  }

  /**
   * Publishes a second opinion; it closes nothing.
   *
   * @throws RefusedException where Kafka or the schema registry did not take it
   */
  public void publishOpinion(MaskCorrected opinion) throws RefusedException {
    publish(opinion, Topics.MASKS_OPINIONS, ReviewActKind.SECOND_OPINION, List.of());
  }

  private void publish(
      MaskCorrected correction,
      TopicSpec<MaskCorrected> topic,
      ReviewActKind kind,
      List<ProducerRecord<byte[], byte[]>> others)
      throws RefusedException {
    try {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(others);
      records.add(0, record(topic, correction.getTileId(), correction));
      ReviewAct act = audit.of(kind, correction);
      records.add(record(Topics.REVIEWERS_ACTS, act.getReviewer(), act));
      sender.publish(records);
    } catch (TransactionFailedException | KafkaException | ServiceException e) {
      throw new RefusedException(
          Reason.NOT_PUBLISHED,
          "The verdict on tile "
              + correction.getTileId()
              + " was not confirmed by Kafka: try again if its alert stays open ("
              + e.getMessage()
              + ").",
          e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      TopicSpec<?> topic, String key, SpecificRecord value) {
    return new ProducerRecord<>(
        topic.name(),
        key.getBytes(StandardCharsets.UTF_8),
        serializer.serialize(topic.name(), value));
  }

  private static byte[] key(MaskCorrected correction) {
    return correction.getTileId().getBytes(StandardCharsets.UTF_8);
  }
}
