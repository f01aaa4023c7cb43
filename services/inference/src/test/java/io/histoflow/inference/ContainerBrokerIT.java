package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.testing.TinyModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The inference service against the broker that Apache ships, instead of the embedded one. */
class ContainerBrokerIT {
  private static final String IMAGE = "apache/kafka:4.3.1";

  @TempDir private Path directory;

  @Test
  void shouldSegmentTilesThroughTheBrokerThatApacheShips() throws Exception {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "Skipped: no container engine is reachable; start Docker, or podman with DOCKER_HOST set"
            + " (see deploy/README.md).");
    // Given
    try (KafkaContainer broker = new KafkaContainer(IMAGE)) {
      broker.start();
      ServiceConfig config = config(broker.getBootstrapServers());
      try (Admin admin = new KafkaClients(config, "test").admin()) {
        TopicCatalogue.ensure(admin, (short) 1, Topics.layouts());
      }
      SubjectCatalogue.ensure(config.clientProperties());
      try (Laboratory laboratory = new Laboratory(config);
          InferenceService worker = new InferenceService(config)) {
        // When
        worker.start();
        laboratory.scan("slide", 12, 32);
        laboratory.scan(
            TestTiles.tile("bad", "slide", "text".getBytes(StandardCharsets.UTF_8), 8, 8).build());
        // Then
        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(
                () -> {
                  assertThat(laboratory.tileIds("slide"))
                      .containsExactlyInAnyOrderElementsOf(
                          IntStream.range(0, 12).mapToObj(i -> "slide-" + i).toList());
                  assertThat(laboratory.reasons()).containsOnlyKeys("bad");
                });
      }
    }
  }

  /** The registry is one in this process's memory: it is the broker that is tried here. */
  private ServiceConfig config(String bootstrapServers) throws Exception {
    return ServiceConfig.of(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "schema.registry.url",
            "mock://container-broker",
            "histoflow.model.file",
            TinyModel.save(directory.resolve("tiny")).toString(),
            "histoflow.device",
            "cpu"));
  }
}
