package io.histoflow.review.support;

import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Publishes what other services would, and reads what the review service publishes. */
public final class TestTopics implements AutoCloseable {
  /** Where tiles lie that will be deleted; no others lie there. */
  public static final int DELETED = 5;

  private static final int KEPT = 0;

  private final KafkaClients clients;
  private final Producer<String, SpecificRecord> producer;
  private final Producer<byte[], byte[]> bytes;

  public TestTopics(ServiceConfig config) {
    clients = new KafkaClients(config, "test");
    producer = clients.producer(Topics.all(), Map.of());
    bytes = clients.bytesProducer(Map.of());
  }

  /** Publishes a tile and its alert. */
  public ReviewRequested raise(TestAlert alert) {
    byte[] png = Drawings.imagePng(alert.width(), alert.height());
    return raise(alert, scan(alert, KEPT, ImageFormat.PNG, png));
  }

  /** Publishes an alert on a tile that lies somewhere. */
  public ReviewRequested raise(TestAlert alert, TileLocation tile) {
    ReviewRequested requested = alert.requested(tile);
    publish(Topics.TILES_REVIEW, alert.tileId(), requested);
    return requested;
  }

  /** Publishes tiles of one size and their alerts, waiting for all together. */
  public void raiseAll(List<TestAlert> alerts) {
    byte[] png = Drawings.imagePng(alerts.get(0).width(), alerts.get(0).height());
    List<Future<RecordMetadata>> tiles =
        alerts.stream()
            .map(alert -> producer.send(scanned(alert, KEPT, ImageFormat.PNG, png)))
            .toList();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < alerts.size(); i++) {
      TestAlert alert = alerts.get(i);
      SpecificRecord requested = alert.requested(location(written(tiles.get(i))));
      sent.add(
          producer.send(
              new ProducerRecord<>(Topics.TILES_REVIEW.name(), alert.tileId(), requested)));
    }
    sent.forEach(TestTopics::written);
  }

  /** Publishes a slide of two tiles, one of which waits for review under the name of the organ. */
  public void raiseSlide(String organ) {
    ReviewRequested raised = raise(TestAlert.of(organ, organ, 0.9));
    String slideId = raised.getSegmentation().getSlideId();
    publish(Topics.TILES_SEGMENTED, slideId, raised.getSegmentation());
    publish(
        Topics.TILES_SEGMENTED,
        slideId,
        RecordCopy.with(
            raised.getSegmentation(),
            Map.of("tileId", organ + "-beside", "x", 576, "positiveFraction", 0.4)));
    publish(Topics.SLIDES_REPORTED, slideId, TestModel.report(slideId, organ));
  }

  /** Publishes a tile. */
  public TileLocation scan(TestAlert alert, int partition, ImageFormat format, byte[] image) {
    return location(sent(scanned(alert, partition, format, image)));
  }

  private static ProducerRecord<String, SpecificRecord> scanned(
      TestAlert alert, int partition, ImageFormat format, byte[] image) {
    return new ProducerRecord<>(
        Topics.TILES_SCANNED.name(), partition, alert.tileId(), tile(alert, format, image));
  }

  private static TileLocation location(RecordMetadata written) {
    return new TileLocation(written.topic(), written.partition(), written.offset());
  }

  /** Publishes a record, or a tombstone. */
  public RecordMetadata publish(TopicSpec<?> topic, String key, SpecificRecord value) {
    return sent(new ProducerRecord<>(topic.name(), key, value));
  }

  /** Publishes many records under one key. */
  public void publishAll(TopicSpec<?> topic, String key, List<? extends SpecificRecord> values) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (SpecificRecord value : values) {
      sent.add(producer.send(new ProducerRecord<>(topic.name(), key, value)));
    }
    sent.forEach(TestTopics::written);
  }

  /** Publishes bytes that need not be a record of anything. */
  public RecordMetadata publishBytes(TopicSpec<?> topic, String key, byte[] value) {
    try {
      return bytes
          .send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value))
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Deletes every record of the partition of tiles that is there for it. */
  public void deleteTiles() {
    TopicPartition partition = new TopicPartition(Topics.TILES_SCANNED.name(), DELETED);
    try (Admin admin = clients.admin()) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Commits for the group of all inference workers that every tile scanned so far is answered. */
  public void answerEveryTile() {
    List<TopicPartition> partitions =
        IntStream.range(0, Topics.TILES_SCANNED.partitions())
            .mapToObj(i -> new TopicPartition(Topics.TILES_SCANNED.name(), i))
            .toList();
    try (Admin admin = clients.admin()) {
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      for (TopicPartition partition : partitions) {
        long end =
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
        ends.put(partition, new OffsetAndMetadata(end));
      }
      admin.alterConsumerGroupOffsets(Groups.INFERENCE, ends).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes the dead letter of a tile that inference refused. */
  public LetterId refuse(TestAlert alert, byte[] image, String why) {
    String topic = Topics.TILES_SCANNED.name();
    try (Serializer<SpecificRecord> serializer = clients.serializer()) {
      TileScanned tile = tile(alert, ImageFormat.PNG, image);
      return refuse(topic, alert.tileId(), serializer.serialize(topic, tile), why);
    }
  }

  /** Publishes the dead letter of a record. */
  public LetterId refuse(String topic, String key, byte[] value, String why) {
    ConsumerRecord<byte[], byte[]> source =
        new ConsumerRecord<>(topic, 3, 41, key.getBytes(StandardCharsets.UTF_8), value);
    RecordMetadata written =
        written(bytes.send(DeadLetters.of(source, new MalformedRecordException(why), "inference")));
    return new LetterId(written.partition(), written.offset());
  }

  /** Publishes a dead letter. */
  public RecordMetadata deadLetter(String key) {
    try {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      return this.bytes
          .send(new ProducerRecord<>(Topics.TILES_DEAD_LETTER.name(), bytes, bytes))
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the second opinions on a tile, the oldest first. */
  public List<MaskCorrected> opinions(String tileId) {
    return corrections(Topics.MASKS_OPINIONS, tileId);
  }

  /**
   * Waits for the first verdict on a tile. A committed transaction shows a moment after the commit:
   * the brokers write its markers when they have answered.
   */
  public MaskCorrected awaitVerdict(String tileId) {
    return await().until(() -> verdicts(tileId), verdicts -> !verdicts.isEmpty()).get(0);
  }

  /** Returns the verdicts on a tile, the oldest first. */
  public List<MaskCorrected> verdicts(String tileId) {
    return corrections(Topics.MASKS_CORRECTED, tileId);
  }

  /** Returns every committed record of a topic with a key, the oldest first. */
  public List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
    return CommittedRecords.withKey(clients, topic, key);
  }

  @Override
  public void close() {
    producer.close();
    bytes.close();
  }

  private List<MaskCorrected> corrections(TopicSpec<MaskCorrected> topic, String tileId) {
    try (Deserializer<MaskCorrected> deserializer = clients.deserializer(topic)) {
      return records(topic.name(), tileId).stream()
          .map(record -> deserializer.deserialize(record.topic(), record.value()))
          .toList();
    }
  }

  private static TileScanned tile(TestAlert alert, ImageFormat format, byte[] image) {
    return TileScanned.newBuilder()
        .setTileId(alert.tileId())
        .setSlideId("slide-of-" + alert.organ())
        .setOrgan(alert.organ())
        .setX(512)
        .setY(1024)
        .setWidth(alert.width())
        .setHeight(alert.height())
        .setMicronsPerPixel(0.25)
        .setFormat(format)
        .setImage(ByteBuffer.wrap(image))
        .setScanner("drawn by hand")
        .setScannedAt(TestAlert.RAISED.minusSeconds(20))
        .build();
  }

  private RecordMetadata sent(ProducerRecord<String, SpecificRecord> record) {
    return written(producer.send(record));
  }

  private static RecordMetadata written(Future<RecordMetadata> sent) {
    try {
      return sent.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
