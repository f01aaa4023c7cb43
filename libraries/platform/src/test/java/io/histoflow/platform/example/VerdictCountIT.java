package io.histoflow.platform.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class VerdictCountIT {
  private static final String REVIEWER = "dr-count";

  @Test
  void shouldCountOnPastTombstonesAndWhatIsNoVerdict(EmbeddedPlatform platform) throws Exception {
    // Given
    ServiceConfig config = platform.config();
    KafkaClients clients = new KafkaClients(config, "test");
    String topic = Topics.MASKS_CORRECTED.name();
    try (VerdictCount service = new VerdictCount(config);
        Producer<String, MaskCorrected> reviewer =
            clients.producer(Topics.MASKS_CORRECTED, Map.of());
        Producer<byte[], byte[]> stranger = clients.bytesProducer(Map.of())) {
      service.start();

      // When
      stranger.send(new ProducerRecord<>(topic, 0, new byte[] {1}, new byte[] {7})).get();
      reviewer.send(new ProducerRecord<>(topic, 0, "one", verdict("one"))).get();
      reviewer.send(new ProducerRecord<>(topic, 0, "one", null)).get();
      reviewer.send(new ProducerRecord<>(topic, 0, "two", verdict("two"))).get();

      // Then
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.counts().getOrDefault(REVIEWER, 0) == 2);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  private static MaskCorrected verdict(String tileId) {
    return MaskCorrected.newBuilder()
        .setTileId(tileId)
        .setSlideId("slide")
        .setOrgan("kidney")
        .setX(0)
        .setY(0)
        .setWidth(1)
        .setHeight(1)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.allocate(1))
        .setMask(ByteBuffer.allocate(1))
        .setVerdict(Verdict.CONFIRMED)
        .setReviewer(REVIEWER)
        .setModelId("model")
        .setModelVersion(0)
        .setCorrectedAt(Instant.EPOCH)
        .build();
  }
}
