package io.histoflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.Topics;
import java.io.File;
import java.nio.file.Files;
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
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class PlatformLifecycleIT {
  private static final String TOPIC = Topics.SLIDES_SCANNED.name();

  @TempDir Path dataDir;

  @Test
  void shouldKeepRecordsOffsetsSchemaIdsAndAddressesOverARestart() throws Exception {
    // Given
    String schemas;
    String addresses;
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir)) {
      publish(platform, "slide-1");
      assertThat(keysReadBy(platform, "group", 1)).containsExactly("slide-1");
      publish(platform, "slide-2");
      schemas = RegistryContent.of(platform);
      addresses = platform.config().asMap().toString();
    }

    // When
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir)) {

      // Then
      assertThat(keysReadBy(platform, "group", 1)).containsExactly("slide-2");
      assertThat(keysReadBy(platform, "newcomer", 2))
          .containsExactlyInAnyOrder("slide-1", "slide-2");
      assertThat(RegistryContent.of(platform)).isEqualTo(schemas);
      assertThat(platform.config().asMap()).hasToString(addresses);
    }
  }

  @Test
  void shouldLeaveNothingBehindAndLoseNothingWhenKilled() throws Exception {
    // Given
    Process parent = startProgram();
    long registry = registryPid();
    ServiceConfig config = ServiceConfig.load(dataDir.resolve(EmbeddedPlatform.CLIENT_CONFIG));
    publish(new KafkaClients(config, "test"), "slide-1");

    // When
    parent.destroyForcibly().waitFor();

    // Then
    soon().until(() -> ProcessHandle.of(registry).filter(ProcessHandle::isAlive).isEmpty());
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir)) {
      assertThat(keysReadBy(platform, "group", 1)).containsExactly("slide-1");
    }
  }

  @Test
  void shouldRunBesideAnotherPlatform(EmbeddedPlatform other) throws Exception {
    // Given
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir)) {

      // When
      publish(platform, "beside-one");
      publish(other, "beside-other");

      // Then
      assertThat(keysReadBy(platform, "beside", 1)).containsExactly("beside-one");
      assertThat(keysReadBy(other, "beside", 1)).contains("beside-other");
    }
  }

  private Process startProgram() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.language=en",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:TieredStopAtLevel=1",
            "-D"
                + EmbeddedPlatform.REGISTRY_HOME
                + "="
                + System.getProperty(EmbeddedPlatform.REGISTRY_HOME),
            "-cp",
            System.getProperty("java.class.path"),
            PlatformProgram.class.getName(),
            dataDir.toString())
        .redirectErrorStream(true)
        .redirectOutput(new File(dataDir.toFile(), "program.log"))
        .start();
  }

  private long registryPid() throws Exception {
    Path file = dataDir.resolve("registry.pid");
    soon().until(() -> Files.exists(file));
    return Long.parseLong(Files.readString(file));
  }

  private static void publish(EmbeddedPlatform platform, String slideId) throws Exception {
    publish(new KafkaClients(platform.config(), "test"), slideId);
  }

  private static void publish(KafkaClients clients, String slideId) throws Exception {
    SlideScanned slide =
        SlideScanned.newBuilder()
            .setSlideId(slideId)
            .setOrgan("kidney")
            .setTileCount(1)
            .setScannedAt(Instant.EPOCH)
            .build();
    try (Producer<String, SlideScanned> producer =
        clients.producer(Topics.SLIDES_SCANNED, Map.of())) {
      producer.send(new ProducerRecord<>(TOPIC, slideId, slide)).get();
    }
  }

  private static List<String> keysReadBy(EmbeddedPlatform platform, String group, int count) {
    List<String> keys = new ArrayList<>();
    KafkaClients clients = new KafkaClients(platform.config(), "test");
    try (Consumer<String, SlideScanned> consumer =
        clients.consumer(Topics.SLIDES_SCANNED, group, Map.of())) {
      consumer.subscribe(List.of(TOPIC));
      soon()
          .until(
              () -> {
                for (ConsumerRecord<String, SlideScanned> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  assertThat(record.value().getSlideId()).isEqualTo(record.key());
                  keys.add(record.key());
                }
                return keys.size() >= count;
              });
      consumer.commitSync();
    }
    return keys;
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }
}
