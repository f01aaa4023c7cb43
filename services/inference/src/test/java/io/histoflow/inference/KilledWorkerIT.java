package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.weights.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class KilledWorkerIT {
  private static final int TILES = 160;

  @TempDir private Path directory;

  @Test
  void shouldLoseNoTileAndRepeatNoneWhenAWorkerIsKilledInMidBatch(EmbeddedPlatform platform)
      throws Exception {
    // Given
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.worker.id", "killed")
            .with("histoflow.inference.batch.size", "2");
    try (Laboratory laboratory = new Laboratory(config)) {
      laboratory.scan("slide-k", TILES, 256);
      // When
      int before = 0;
      for (int life = 1; life <= 2; life++) {
        before = killAfterMoreThan(before + 10, config, laboratory);
        assertThat(before).as("results when life %d was ended", life).isLessThan(TILES);
      }
      try (ChildProcess last = start(config)) {
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> !last.isAlive() || laboratory.results("slide-k").size() >= TILES);
      }
      // Then
      assertThat(laboratory.tileIds("slide-k"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, TILES).mapToObj(i -> "slide-k-" + i).toList());
      assertThat(laboratory.reasons().keySet()).noneMatch(key -> key.startsWith("slide-k"));
    }
  }

  private int killAfterMoreThan(int results, ServiceConfig config, Laboratory laboratory)
      throws IOException {
    try (ChildProcess worker = start(config)) {
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !worker.isAlive() || laboratory.results("slide-k").size() > results);
      assertThat(worker.isAlive()).as(worker.lastLogLines(5).toString()).isTrue();
      ProcessHandle.of(worker.pid()).orElseThrow().destroyForcibly();
      await().atMost(Duration.ofSeconds(10)).until(() -> !worker.isAlive());
    }
    return laboratory.results("slide-k").size();
  }

  private ChildProcess start(ServiceConfig config) {
    Path file = directory.resolve("worker.properties");
    config.save(file);
    return ChildProcess.start(
        ChildCommand.java(
            "inference",
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            System.getProperty("java.class.path"),
            WorkerProcess.class.getName(),
            List.of(file.toString()),
            directory.resolve("worker.log")),
        Duration.ofSeconds(10));
  }
}
