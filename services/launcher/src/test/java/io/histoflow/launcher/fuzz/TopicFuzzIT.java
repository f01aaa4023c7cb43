package io.histoflow.launcher.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.launcher.LauncherProcess;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.TopicLog;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands on any topic, the platform goes on and good tiles get their results. */
class TopicFuzzIT {
  private static final long SEED = 20_261_129;
  private static final int RECORDS_A_TOPIC = 40;
  private static final int SCANNED_TILES = 200;
  private static final int EDGE = 256;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final byte[] image =
      RgbPng.encode(new SyntheticTissue(3).image("kidney", 0, EDGE, EDGE).image());

  @Test
  void shouldAnswerEveryTileOnceWhateverStandsOnAnyTopic(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    try (LauncherProcess up =
        LauncherProcess.start(folder, "up", "--port", "0", "--data-dir", data.toString())) {
      // Given
      await()
          .atMost(PATIENCE)
          .until(() -> up.output().contains("Dashboard:") || !up.handle().isAlive());
      assertThat(up.handle().isAlive()).as(up.output()).isTrue();
      KafkaClients clients =
          new KafkaClients(ServiceConfig.load(data.resolve("client.properties")), "fuzz");
      try (Producer<byte[], byte[]> producer = clients.bytesProducer(Map.of());
          Serializer<SpecificRecord> serializer = clients.serializer()) {
        send(producer, serializer, Topics.TILES_SCANNED, "first/0", tile("first", 0));
        await().atMost(PATIENCE).until(() -> !of(clients, Topics.TILES_SEGMENTED).isEmpty());
        Set<Long> processes = descendants(up);

        // When
        int good = 0;
        RecordMutations mutations =
            new RecordMutations(SEED, serializer, Checkpoint.shipped().modelId(), image);
        for (TopicSpec<?> topic : Topics.all()) {
          int count = topic.equals(Topics.TILES_SCANNED) ? SCANNED_TILES : RECORDS_A_TOPIC;
          for (int i = 0; i < count; i++) {
            send(producer, mutations.next(topic));
          }
          send(producer, serializer, Topics.TILES_SCANNED, "good/" + good, tile("good", good));
          good++;
        }
        send(producer, serializer, Topics.SLIDES_SCANNED, "good", manifest(good));
        producer.flush();

        // Then
        Set<String> scanned = positions(clients, Topics.TILES_SCANNED.name());
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(new TreeSet<>(answers(clients))).isEqualTo(scanned));
        assertThat(answers(clients)).doesNotHaveDuplicates();
        assertThat(refused(clients, "")).doesNotHaveDuplicates();
        assertThat(masks(clients)).hasSize(1);
        await().atMost(PATIENCE).until(() -> isComplete(clients));
        assertThat(descendants(up)).as(up.output()).isEqualTo(processes);
      }
    }
  }

  private TileScanned tile(String slide, int index) {
    return TileScanned.newBuilder()
        .setTileId(slide + "/" + index)
        .setSlideId(slide)
        .setOrgan("kidney")
        .setX(index * EDGE)
        .setY(0)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMicronsPerPixel(0.25)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(image))
        .setScanner(null)
        .setScannedAt(Instant.now())
        .build();
  }

  private static SlideScanned manifest(int tiles) {
    return SlideScanned.newBuilder()
        .setSlideId("good")
        .setOrgan("kidney")
        .setTileCount(tiles)
        .setScannedAt(Instant.now())
        .build();
  }

  private void send(
      Producer<byte[], byte[]> producer,
      Serializer<SpecificRecord> serializer,
      TopicSpec<?> topic,
      String key,
      SpecificRecord value) {
    byte[] bytes = serializer.serialize(topic.name(), value);
    send(producer, new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), bytes));
  }

  /** Remembers where each record went that the brokers took. */
  private void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (metadata, refused) -> {
              if (refused == null) {
                sent.add(position(metadata.topic(), metadata.partition(), metadata.offset()));
              }
            });
  }

  private static Set<String> positions(KafkaClients clients, String topic) {
    try (TopicLog log = new TopicLog(clients, topic)) {
      return log.read().stream()
          .map(record -> position(record.topic(), record.partition(), record.offset()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Where each scanned tile lay that has a result of a worker's, or a dead letter. */
  private List<String> answers(KafkaClients clients) {
    List<String> answers = new ArrayList<>(refused(clients, Topics.TILES_SCANNED.name()));
    for (TileSegmented result : of(clients, Topics.TILES_SEGMENTED)) {
      TileLocation tile = result.getTile();
      answers.add(position(tile.getTopic(), tile.getPartition(), tile.getOffset()));
    }
    return answers;
  }

  /** Where the source of each dead letter lay whose topic's name begins so. */
  private static List<String> refused(KafkaClients clients, String topic) {
    try (TopicLog log = new TopicLog(clients, Topics.TILES_DEAD_LETTER.name())) {
      return log.read().stream()
          .map(
              letter ->
                  position(
                      DeadLetters.text(letter.headers(), DeadLetters.TOPIC),
                      Integer.parseInt(DeadLetters.text(letter.headers(), DeadLetters.PARTITION)),
                      Long.parseLong(DeadLetters.text(letter.headers(), DeadLetters.OFFSET))))
          .filter(source -> source.startsWith(topic))
          .toList();
    }
  }

  private Set<ByteBuffer> masks(KafkaClients clients) {
    return of(clients, Topics.TILES_SEGMENTED).stream()
        .filter(result -> Set.of("first", "good").contains(result.getSlideId()))
        .map(TileSegmented::getMask)
        .collect(Collectors.toSet());
  }

  private boolean isComplete(KafkaClients clients) {
    return of(clients, Topics.SLIDES_REPORTED).stream()
        .filter(report -> report.getSlideId().equals("good"))
        .map(SlideReport::getStatus)
        .anyMatch(ReportStatus.COMPLETE::equals);
  }

  /** What services wrote to a topic: all but what this test sent. */
  private <V extends SpecificRecord> List<V> of(KafkaClients clients, TopicSpec<V> topic) {
    try (TopicLog log = new TopicLog(clients, topic.name());
        Deserializer<V> deserializer = clients.deserializer(topic)) {
      return log.read().stream()
          .filter(
              record ->
                  !sent.contains(position(record.topic(), record.partition(), record.offset())))
          .filter(record -> record.value() != null)
          .map(record -> deserializer.deserialize(record.topic(), record.value()))
          .toList();
    }
  }

  private static String position(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  private static Set<Long> descendants(LauncherProcess process) {
    return process.handle().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
