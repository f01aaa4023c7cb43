package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.weights.testing.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class DeadlyTileIT {
  private static final int TILES = 60;
  private static final int MOST_LIVES = 5;

  @TempDir private Path directory;

  @Test
  void shouldQuarantineTheTileThatEndsEveryWorkerAndAnswerAllOthers(EmbeddedPlatform platform)
      throws Exception {
    // Given a tile over which the process ends, in the midst of others
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.worker.id", "deadly")
            .with("histoflow.inference.batch.size", "4");
    try (Laboratory laboratory = new Laboratory(config)) {
      for (int i = 0; i < TILES; i++) {
        int size = i == TILES / 2 ? DeadlyWorkerProcess.DEADLY_WIDTH : 64;
        laboratory.scan(TestTiles.tile("deadly-" + i, "slide-deadly", i, size).build());
      }
      // When it is started again each time that it dies
      int lives = 0;
      while (!isAnswered(laboratory)) {
        lives++;
        assertThat(lives).as("lives").isLessThanOrEqualTo(MOST_LIVES);
        liveOn(config, laboratory);
      }
      // Then
      assertThat(laboratory.tileIds("slide-deadly"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, TILES)
                  .filter(i -> i != TILES / 2)
                  .mapToObj(i -> "deadly-" + i)
                  .toList());
      assertThat(laboratory.deadLetters("deadly-" + TILES / 2)).hasSize(1);
      assertThat(laboratory.reasons().get("deadly-" + TILES / 2)).contains("ended 2 times");
      assertThat(laboratory.reasons().keySet())
          .filteredOn(key -> key.startsWith("deadly"))
          .hasSize(1);
      assertThat(lives).as("lives").isEqualTo(MOST_LIVES);
    }
  }

  private void liveOn(ServiceConfig config, Laboratory laboratory) throws Exception {
    Path file = directory.resolve("worker.properties");
    config.save(file);
    ChildCommand command =
        ChildCommand.java(
            "inference",
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            System.getProperty("java.class.path"),
            DeadlyWorkerProcess.class.getName(),
            List.of(file.toString()),
            directory.resolve("worker.log"));
    try (ChildProcess worker = ChildProcess.start(command, Duration.ofSeconds(10))) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> !worker.isAlive() || isAnswered(laboratory));
    }
  }

  private static boolean isAnswered(Laboratory laboratory) {
    return laboratory.results("slide-deadly").size() >= TILES - 1
        && !laboratory.deadLetters("deadly-" + TILES / 2).isEmpty();
  }
}
