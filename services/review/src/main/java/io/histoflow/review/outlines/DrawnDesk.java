package io.histoflow.review.outlines;

import io.histoflow.access.ReviewerName;
import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.drawing.TileEdit;
import io.histoflow.results.slide.ResultTile;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.Submission;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Brings what outlines change to the desk where the verdicts of the page are taken: a tile in
 * review has its alert closed by it, a tile that has its verdict is given a second opinion (who
 * gave that verdict may change it), and a mask is checked and carried like any other. Safe for use
 * by several threads, one of which publishes at a time.
 */
public final class DrawnDesk {
  private final AlertQueue alerts;
  private final CorrectionDesk desk;
  private final RecordReader records;
  private final Deserializer<TileSegmented> results;

  /**
   * Opens the desk; the caller closes what it is given.
   *
   * @param alerts those that are open on the tiles that change, at least
   * @param desk of the same alerts
   * @param records reads results
   * @param results of their topic
   */
  public DrawnDesk(
      AlertQueue alerts,
      CorrectionDesk desk,
      RecordReader records,
      Deserializer<TileSegmented> results) {
    this.alerts = alerts;
    this.desk = desk;
    this.records = records;
    this.results = results;
  }

  /**
   * Checks a reviewer's name as the page does.
   *
   * @return the name as it is published
   * @throws RefusedException where it is not allowed
   */
  public static String reviewer(String name) throws RefusedException {
    String spelt = ReviewerName.of(name);
    Optional<String> fault = ReviewerName.fault(spelt);
    if (fault.isPresent()) {
      throw new RefusedException(Reason.INVALID, fault.get());
    }
    return spelt;
  }

  /**
   * Publishes a correction of every tile that the outlines change, each in a transaction. One that
   * is refused is told; the others go on.
   *
   * @param drawing what the outlines change
   * @param reviewer as {@link #reviewer} returns it
   * @param progress hears how many tiles are done
   */
  public synchronized DrawnSummary publish(
      Drawing drawing, String reviewer, LongConsumer progress) {
    long corrected = 0;
    long closed = 0;
    long opinions = 0;
    List<String> refusals = new ArrayList<>();
    for (TileEdit edit : drawing.edits()) {
      try {
        switch (publish(edit, reviewer)) {
          case ALERT_CLOSED -> {
            corrected++;
            closed++;
          }
          case UNASKED -> corrected++;
          case OPINION -> opinions++;
        }
      } catch (RefusedException | IllegalArgumentException e) {
        refusals.add("Tile " + edit.tile().tileId() + ": " + e.getMessage());
      }
      progress.accept(corrected + opinions + refusals.size());
    }
    return new DrawnSummary(corrected, closed, opinions, refusals);
  }

  private Outcome publish(TileEdit edit, String reviewer) throws RefusedException {
    Submission submission = Submission.ofMask(edit.mask(), Optional.of(reviewer), Optional.empty());
    ResultTile tile = edit.tile();
    if (isOpen(tile.tileId())) {
      var unused = desk.submit(tile.tileId(), submission, reviewer);
      return Outcome.ALERT_CLOSED;
    }
    Alert unasked = unasked(tile);
    if (tile.judgedBy().filter(other -> !other.equals(reviewer)).isPresent()) {
      var unused = desk.submitOpinion(unasked, submission, reviewer);
      return Outcome.OPINION;
    }
    var unused = desk.submitUnasked(unasked, submission, reviewer);
    return Outcome.UNASKED;
  }

  private enum Outcome {
    ALERT_CLOSED,
    UNASKED,
    OPINION
  }

  /** Says whether the tile waits for its verdict; one that has it may wait for a second reader. */
  private boolean isOpen(String tileId) {
    try {
      return alerts.get(tileId).firstReader().isEmpty();
    } catch (RefusedException e) {
      return false;
    }
  }

  /** The tile as an alert of it would be. */
  private Alert unasked(ResultTile tile) throws RefusedException {
    RecordPosition position =
        new RecordPosition(Topics.TILES_SEGMENTED.name(), tile.partition(), tile.offset());
    ConsumerRecord<byte[], byte[]> record =
        records
            .read(position)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.RECORD_GONE, "its result is not kept any more (" + position + ")."));
    TileSegmented result;
    try {
      result = results.deserialize(position.topic(), record.value());
    } catch (MalformedRecordException e) {
      throw new RefusedException(Reason.RECORD_UNREADABLE, e.getMessage(), e);
    }
    return Alert.of(
        tile.tileId(),
        new ReviewRequested(
            result,
            ReviewReason.UNKNOWN,
            result.getRoutingScore(),
            0.0,
            0.0,
            Instant.now(),
            false,
            null,
            false,
            null),
        position);
  }
}
