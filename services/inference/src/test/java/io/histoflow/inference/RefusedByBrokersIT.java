package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.testing.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class RefusedByBrokersIT {
  private static final String ROOM_FOR_SMALL_RESULTS = "3000";
  private static final int NOISE = 512;

  @TempDir private Path directory;

  @Test
  void shouldDeadLetterTheResultThatTheBrokersRefuseAndPublishThoseBesideIt(
      EmbeddedPlatform platform) throws Exception {
    // Given a topic that somebody makes smaller, with room for the results of small tiles only
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.worker.id", "refused")
            .with("histoflow.inference.batch.size", "4");
    try (Laboratory laboratory = new Laboratory(config);
        InferenceService worker = new InferenceService(config)) {
      worker.start();
      allow(config, ROOM_FOR_SMALL_RESULTS);
      // When
      for (int i = 0; i < 12; i++) {
        laboratory.scan(
            i == 5
                ? noise("refused-5")
                : TestTiles.tile("refused-" + i, "slide-refused", i, 32).build());
      }
      // Then
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                assertThat(laboratory.tileIds("slide-refused")).hasSize(11);
                assertThat(laboratory.deadLetters("refused-5")).hasSize(1);
              });
      assertThat(laboratory.tileIds("slide-refused"))
          .doesNotHaveDuplicates()
          .doesNotContain("refused-5");
      assertThat(laboratory.reasons().get("refused-5")).contains("brokers refuse");
    } finally {
      allow(config, Integer.toString(Topics.TILES_SEGMENTED.maxMessageBytes()));
    }
  }

  /** What the network says of noise cannot be compressed. */
  private static TileScanned noise(String tileId) {
    byte[] rgb = new byte[NOISE * NOISE * 3];
    new Random(1).nextBytes(rgb);
    byte[] png = RgbPng.encode(RgbImage.of(NOISE, NOISE, rgb));
    return TestTiles.tile(tileId, "slide-refused", png, NOISE, NOISE).build();
  }

  private static void allow(ServiceConfig config, String bytes) throws Exception {
    try (Admin admin = new KafkaClients(config, "test").admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, Topics.TILES_SEGMENTED.name()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
