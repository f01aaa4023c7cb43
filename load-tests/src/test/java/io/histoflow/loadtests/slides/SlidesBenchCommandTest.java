package io.histoflow.loadtests.slides;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlidesBenchCommandTest {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldSayOfEachKindWhyItWasNotMeasured(@TempDir Path folder) throws Exception {
    // Given: no slide at all, and no Python
    Path broken = Files.writeString(folder.resolve("broken.svs"), "no slide");
    Path json = folder.resolve("s.json");

    // When
    int code =
        bench.run(
            "slides",
            broken.toString(),
            "--peer-python",
            folder.resolve("no-python").toString(),
            "--json",
            json.toString());

    // Then: it needed no broker to say so
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(bench.out())
        .contains("broken.svs: ", "dicom: no slide of this kind was named", "openslide: ");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("slides")).hasSize(5);
    assertThat(result.get("openSlide").isNull()).isTrue();
    assertThat(result.at("/slides/0/decoded/ratio").isNull()).isTrue();
  }

  @Test
  void shouldRefuseToReadNothing() {
    assertThat(bench.run("slides")).isEqualTo(2);
    assertThat(bench.err()).contains("Name one slide at least");
  }

  @Test
  void shouldRefuseNoRounds() {
    assertThat(bench.run("slides", "a.svs", "--rounds", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("rounds is 0");
  }
}
