package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script and all that it starts, where the machine speaks Turkish or knows ASCII only. */
class ForeignLanguageIT {
  private static final Map<String, String> TURKISH =
      Map.of("LC_ALL", "tr_TR.UTF-8", "JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR");
  private static final Map<String, String> ASCII =
      Map.of("LC_ALL", "C", "_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG");

  @TempDir Path folder;

  @Test
  void shouldRunAndKeepNamesAsTheyAreWritten() throws Exception {
    // Given
    ScriptProcess script = new ScriptProcess(Files.createDirectory(folder.resolve("home")));
    Path data = folder.resolve("data");
    Path log = folder.resolve("up.log");
    Path images = Files.createDirectory(folder.resolve("画像"));
    byte[] image = RgbPng.encode(new SyntheticTissue(3).tile("kidney", 0, 64).image());
    Files.write(images.resolve("病理切片_001.png"), image);
    Files.write(images.resolve("Pra\u0308parat_002.png"), image);
    Files.write(images.resolve("BİLGİ.png"), image);

    // When
    Process up = script.start(TURKISH, log, "up", "--port", "0", "--data-dir", data.toString());
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> Files.readString(log).contains(UpCommand.DASHBOARD) || !up.isAlive());
      assertThat(up.isAlive()).as(Files.readString(log)).isTrue();
      Path said = folder.resolve("scan.log");
      Path client = data.resolve("client.properties");
      Process scan =
          script.start(
              ASCII, said, "scan", images + "", "--organ", "GEBÄRMUTTER", "--config", client + "");
      assertThat(scan.waitFor(2, TimeUnit.MINUTES)).isTrue();

      // Then
      assertThat(scan.exitValue()).as(Files.readString(said)).isZero();
      assertThat(Files.readString(said)).contains("3 tiles of 3 slides");
      Map<String, SlideScanned> manifests = manifests(client);
      assertThat(manifests).containsOnlyKeys("病理切片_001", "Pr\u00e4parat_002", "BİLGİ");
      assertThat(manifests.values())
          .allSatisfy(slide -> assertThat(slide.getOrgan()).isEqualTo("gebärmutter"));
    } finally {
      up.destroy();
      up.waitFor(1, TimeUnit.MINUTES);
    }
  }

  private static Map<String, SlideScanned> manifests(Path client) {
    KafkaClients clients = new KafkaClients(ServiceConfig.load(client), "test");
    return CommittedRecords.of(clients, Topics.SLIDES_SCANNED).stream()
        .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::value));
  }
}
