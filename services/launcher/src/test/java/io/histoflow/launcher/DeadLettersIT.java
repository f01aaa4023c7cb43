package io.histoflow.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Dead letters of a real topic, through the commands that a person types. */
class DeadLettersIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final byte[] IMAGE = {(byte) 0x89, 'P', 'N', 'G', 1, 2, 3};

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private KafkaClients clients;
  private String config;

  @BeforeEach
  void connect(EmbeddedPlatform platform) {
    clients = new KafkaClients(platform.config(), "test");
    Path file = folder.resolve("client.properties");
    platform.config().save(file);
    config = file.toString();
  }

  @Test
  void shouldListShowAndPublishAgainWhatWasRefused() throws Exception {
    // Given: three tiles that inference refused, and what reporting refused
    Instant hour = Instant.parse("2026-01-31T08:00:00Z");
    List<byte[]> values = new ArrayList<>();
    try (Producer<byte[], byte[]> producer = clients.bytesProducer(Map.of());
        Serializer<TileScanned> serializer = clients.serializer()) {
      for (int i = 0; i < 3; i++) {
        String tile = "tile-" + i;
        values.add(serializer.serialize(Topics.TILES_SCANNED.name(), tile(tile)));
        refuse(
            producer,
            Topics.TILES_SCANNED.name(),
            i,
            tile,
            values.get(i),
            hour,
            "Tile " + tile + " cannot be decoded: byte " + 100 * i + ".",
            "inference");
      }
      refuse(
          producer,
          Topics.SLIDES_REPORTED.name(),
          9,
          "s",
          new byte[] {1},
          hour.plusSeconds(7200),
          "no magic byte",
          "reporting");
    }

    // When
    JsonNode list = json("dead-letters", "list");

    // Then
    assertThat(list.get("total").asInt()).isEqualTo(4);
    JsonNode largest = list.get("groups").get(0);
    assertThat(largest.get("count").asInt()).isEqualTo(3);
    assertThat(largest.get("service").asText()).isEqualTo("inference");
    assertThat(largest.get("reason").asText()).isEqualTo("Tile … cannot be decoded: byte #.");
    assertThat(largest.get("first").asText()).isEqualTo(hour.toString());
    assertThat(
            json("dead-letters", "list", "--until", "2026-01-31T09:00:00Z", "--reason", "DECODED")
                .get("total")
                .asInt())
        .isEqualTo(3);

    // When
    JsonNode one = json("dead-letters", "list", "--tile", "tile-1");
    String letter = one.get("groups").get(0).get("examples").get(0).asText();
    Path image = folder.resolve("tile.png");
    Path value = folder.resolve("tile.bin");
    JsonNode shown =
        json("dead-letters", "show", letter, "--image", image + "", "--out", value + "");

    // Then
    assertThat(shown.get("key").asText()).isEqualTo("tile-1");
    assertThat(shown.get("source").asText()).isEqualTo("0@1");
    assertThat(shown.get("headers").get("scanner").asText()).isEqualTo("lab-3");
    assertThat(image).hasBinaryContent(IMAGE);
    assertThat(value).hasBinaryContent(values.get(1));

    // When: what inference refused, twice
    String[] retry = {"dead-letters", "retry", "--service", "inference", "--yes"};
    JsonNode first = json(retry);
    JsonNode second = json(retry);

    // Then
    assertThat(first.get("retried").asInt()).isEqualTo(3);
    assertThat(first.get("topics").get(Topics.TILES_SCANNED.name()).asInt()).isEqualTo(3);
    assertThat(second.get("retried").asInt()).isZero();
    assertThat(second.get("passedOver").asInt()).isEqualTo(3);
    List<ConsumerRecord<byte[], byte[]>> published = scanned();
    assertThat(published)
        .hasSize(3)
        .allSatisfy(
            record -> {
              assertThat(record.headers().lastHeader(DeadLetters.MESSAGE)).isNull();
              assertThat(record.headers().lastHeader(DeadLetters.SERVICE)).isNull();
              assertThat(DeadLetters.text(record.headers(), "scanner")).isEqualTo("lab-3");
              assertThat(DeadLetters.text(record.headers(), "histoflow.retried.letter"))
                  .matches("\\d+@\\d+");
            });
    assertThat(published).extracting(ConsumerRecord::value).containsAll(values);
    assertThat(json("dead-letters", "list").get("total").asInt()).as("notes").isEqualTo(4);

    // When: a report could take the place of a newer one
    JsonNode all = json("dead-letters", "retry", "--service", "reporting", "--yes");
    JsonNode named =
        json("dead-letters", "retry", "--topic", Topics.SLIDES_REPORTED.name(), "--yes");

    // Then
    assertThat(all.get("retried").asInt()).isZero();
    assertThat(all.get("notOurs").asInt()).isEqualTo(1);
    assertThat(named.get("retried").asInt()).isEqualTo(1);

    // When
    JsonNode third = json("dead-letters", "retry", "--tile", "tile-2", "--again", "--yes");

    // Then
    assertThat(third.get("retried").asInt()).isEqualTo(1);
    assertThat(scanned()).hasSize(4);
  }

  @Test
  void shouldSayThatThereIsNoSuchLetter() {
    assertThat(run("dead-letters", "show", "0@999", "--config", config)).isEqualTo(1);
    assertThat(run("dead-letters", "show", "x", "--config", config)).isEqualTo(2);
    assertThat(run("dead-letters")).isEqualTo(2);
    assertThat(out.toString()).contains("There is no dead letter 0@999", "'x' is no place");
  }

  private static TileScanned tile(String id) {
    return TileScanned.newBuilder()
        .setTileId(id)
        .setSlideId("slide")
        .setOrgan("kidney")
        .setX(0)
        .setY(0)
        .setWidth(1)
        .setHeight(1)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(IMAGE))
        .setScannedAt(Instant.EPOCH)
        .build();
  }

  private static void refuse(
      Producer<byte[], byte[]> producer,
      String topic,
      long offset,
      String key,
      byte[] value,
      Instant time,
      String reason,
      String service)
      throws Exception {
    ConsumerRecord<byte[], byte[]> source =
        new ConsumerRecord<>(topic, 0, offset, key.getBytes(UTF_8), value);
    source.headers().add("scanner", "lab-3".getBytes(UTF_8));
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source, new MalformedRecordException(reason), service);
    producer
        .send(
            new ProducerRecord<>(
                letter.topic(), null, time.toEpochMilli(), letter.key(), value, letter.headers()))
        .get();
  }

  private List<ConsumerRecord<byte[], byte[]>> scanned() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = clients.bytesConsumer(null, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.TILES_SCANNED.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private JsonNode json(String... arguments) throws Exception {
    Path file = folder.resolve("result.json");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config, "--json", file.toString()));
    assertThat(run(all.toArray(String[]::new))).as(out.toString()).isZero();
    return new ObjectMapper().readTree(file.toFile());
  }

  private int run(String... arguments) {
    CommandLine command = Histoflow.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(out, true));
    return command.execute(arguments);
  }
}
