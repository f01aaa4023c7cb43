package io.histoflow.loadtests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBenchResultTest {
  private static final MemoryBenchResult RESULT =
      new MemoryBenchResult(
          new MemoryBenchSettings(4, 2, 64, 1, 1024, 2, 1),
          "light",
          2,
          400_000_000,
          410_000_000,
          900_000_000,
          List.of(
              new MemorySample(2, 64, 400_000_000),
              new MemorySample(4, 64, 410_000_000),
              new MemorySample(5, 1024, 890_000_000)));

  @Test
  void shouldRelateTheEndToTheWarmUp() {
    // When
    ObjectNode json = RESULT.toJson();

    // Then
    assertThat(json.get("ratio").asDouble()).isCloseTo(1.025, within(1e-12));
    assertThat(json.get("peakRssBytes").asLong()).isEqualTo(900_000_000);
    assertThat(json.get("samples")).hasSize(3);
    assertThat(json.at("/samples/2/tileSize").asInt()).isEqualTo(1024);
  }

  @Test
  void shouldDrawBothKindsOfTiles(@TempDir Path folder) throws Exception {
    // When
    MemoryBenchPlot.write(folder.resolve("memory.png"), RESULT);

    // Then
    assertThat(ImageIO.read(folder.resolve("memory.png").toFile()).getWidth()).isEqualTo(900);
  }
}
