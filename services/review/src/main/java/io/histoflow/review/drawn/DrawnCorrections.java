package io.histoflow.review.drawn;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.drawing.TileEdit;
import io.histoflow.results.slide.ResultTile;
import io.histoflow.review.ReviewSettings;
import io.histoflow.review.access.ReviewerName;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.CorrectionPublisher;
import io.histoflow.review.correction.Submission;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertListener;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileClaim;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Publishes what outlines from other tools change as corrections of the tiles, at the same desk as
 * those of the page: a tile in review has its alert closed by it, a tile that has its verdict is
 * given a second opinion (who gave that verdict may change it), and a mask is checked and carried
 * like any other.
 */
public final class DrawnCorrections implements AutoCloseable {
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final String NAME = "correct";
  private static final String TRANSACTIONAL_ID = "histoflow-" + NAME;

  private final KafkaClients clients;
  private final TransactionalPublisher publisher;
  private final TileReader tiles;
  private final RecordReader records;
  private final AvroDeserializer<TileSegmented> results =
      new AvroDeserializer<>(TileSegmented.class);
  private final Serializer<SpecificRecord> serializer;
  private final AuditTrail audit;
  private final WorkBudget work;

  /**
   * Connects.
   *
   * @param config client keys and the settings of the review service
   */
  public DrawnCorrections(ServiceConfig config) {
    clients = new KafkaClients(config, NAME);
    Map<String, Object> reader =
        Map.of(AUTO_OFFSET_RESET_CONFIG, "none", MAX_POLL_RECORDS_CONFIG, 1);
    tiles =
        new TileReader(
            new RecordReader(clients.bytesConsumer(null, reader), READ_TIMEOUT),
            config.clientProperties());
    records = new RecordReader(clients.bytesConsumer(null, reader), READ_TIMEOUT);
    results.configure(config.clientProperties(), false);
    serializer = clients.serializer();
    audit =
        new AuditTrail(
            clients.producer(Topics.REVIEWERS_ACTS, Map.of()), InstantSource.system(), NAME);
    work = new WorkBudget(config.get(ReviewSettings.WORK_BYTES));
    publisher =
        clients.transactions(
            TRANSACTIONAL_ID,
            "Another 'histoflow correct' runs on this cluster: wait until it has ended.",
            Map.of());
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
  public DrawnSummary publish(Drawing drawing, String reviewer, LongConsumer progress) {
    AlertQueue alerts = alerts(drawing);
    publisher.open();
    CorrectionDesk desk =
        new CorrectionDesk(
            alerts,
            new ClaimBook(new Nobody(), InstantSource.system()),
            tiles,
            new TilePictures(tiles, 0, work),
            work,
            new CorrectionPublisher(publisher, serializer, audit),
            Clock.systemUTC(),
            verdict -> {});
    long corrected = 0;
    long closed = 0;
    long opinions = 0;
    List<String> refusals = new ArrayList<>();
    for (TileEdit edit : drawing.edits()) {
      try {
        switch (publish(edit, reviewer, desk, alerts)) {
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

  private Outcome publish(TileEdit edit, String reviewer, CorrectionDesk desk, AlertQueue alerts)
      throws RefusedException {
    Submission submission = Submission.ofMask(edit.mask(), Optional.of(reviewer), Optional.empty());
    ResultTile tile = edit.tile();
    if (isOpen(tile.tileId(), alerts)) {
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

  private static boolean isOpen(String tileId, AlertQueue alerts) {
    try {
      var unused = alerts.get(tileId);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  /** The alerts that are open by now on the tiles that change, and no others. */
  private AlertQueue alerts(Drawing drawing) {
    Set<String> wanted =
        drawing.touched().stream().map(ResultTile::tileId).collect(Collectors.toSet());
    AlertQueue queue = new AlertQueue(Math.max(1, wanted.size()), new Nobody());
    if (wanted.isEmpty()) {
      return queue;
    }
    CompactedTopicReader.Handler<ReviewRequested> keep =
        new CompactedTopicReader.Handler<>() {
          @Override
          public void onRecord(ConsumerRecord<String, ReviewRequested> record) {
            if (!wanted.contains(record.key())) {
              return;
            }
            RecordPosition position =
                new RecordPosition(record.topic(), record.partition(), record.offset());
            if (record.value() == null) {
              queue.close(record.key(), position, Instant.ofEpochMilli(record.timestamp()));
            } else {
              queue.raise(Alert.of(record.key(), record.value(), position));
            }
          }

          @Override
          public void onUnreadable(
              ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
            // The review service sends the dead letter.
          }
        };
    try (var reader = new CompactedTopicReader<>(clients, Topics.TILES_REVIEW, keep)) {
      reader.start();
    }
    return queue;
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
            null),
        position);
  }

  @Override
  public void close() {
    publisher.close();
    audit.close();
    serializer.close();
    results.close();
    records.close();
    tiles.close();
  }

  /** Whoever looks at the page is told by the review service. */
  private record Nobody() implements AlertListener, ClaimBook.Listener {
    @Override
    public void raised(Alert alert) {}

    @Override
    public void closed(String tileId) {}

    @Override
    public void claimed(TileClaim claim) {}

    @Override
    public void released(String tileId) {}
  }
}
