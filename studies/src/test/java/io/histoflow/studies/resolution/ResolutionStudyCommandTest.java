package io.histoflow.studies.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ResolutionStudyCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeEach
  void draw() throws Exception {
    DatasetWriter writer = new DatasetWriter(folder.resolve("data"));
    writer.write(new SyntheticTissue(1).tile("kidney", 0, 128));
    writer.write(new SyntheticTissue(1).tile("lung", 0, 128));
  }

  @Test
  void shouldShowWhatResamplingWinsBackWithTheModelThatShips() throws Exception {
    // Given
    Path json = folder.resolve("r.json");

    // When
    int code = run("--at", "0.25,1.0", "--json", json.toString(), "--device", "cpu");

    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("0.25", "1.0", "as they are", "resampled");
    JsonNode points = new ObjectMapper().readTree(json.toFile()).get("points");
    assertThat(points.get(0).get("asTheyAre")).isEqualTo(points.get(0).get("resampled"));
    JsonNode coarse = points.get(1);
    assertThat(coarse.get("micronsPerPixel").asDouble()).isEqualTo(1.0);
    assertThat(coarse.at("/resampled/micro/pixels").asInt()).isEqualTo(2 * 32 * 32);
    assertThat(coarse.at("/resampled/dice/mean").asDouble())
        .isGreaterThan(coarse.at("/asTheyAre/dice/mean").asDouble());
  }

  @Test
  void shouldRefuseAPointThatTheModelCannotSegment() {
    assertThat(run("--at", "0.5,2")).isEqualTo(2);
    assertThat(err.toString()).contains("--at 2.0", "0.0625 to 1.0");
  }

  private int run(String... more) {
    CommandLine command = StudyCommandLine.make();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] all = new String[more.length + 4];
    all[0] = "study";
    all[1] = "resolution";
    all[2] = "--data";
    all[3] = folder.resolve("data").toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return command.execute(all);
  }
}
