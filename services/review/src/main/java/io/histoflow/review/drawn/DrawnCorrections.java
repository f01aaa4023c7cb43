package io.histoflow.review.drawn;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.slide.ResultTile;
import io.histoflow.review.ReviewSettings;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.CorrectionPublisher;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.outlines.DrawnDesk;
import io.histoflow.review.outlines.DrawnSummary;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertListener;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileClaim;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** A {@link DrawnDesk} that needs no review service beside it. */
public final class DrawnCorrections implements AutoCloseable {
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final String NAME = "correct";

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
            TransactionalIds.CORRECT,
            "Another 'histoflow correct' runs on this cluster: wait until it has ended.",
            Map.of());
  }

  /** As {@link DrawnDesk#publish}, with the alerts that are open by now. */
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
    return new DrawnDesk(alerts, desk, records, results).publish(drawing, reviewer, progress);
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
