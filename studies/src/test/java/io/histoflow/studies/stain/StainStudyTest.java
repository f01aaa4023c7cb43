package io.histoflow.studies.stain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StainStudyTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void shouldCompareModelsAsTableJsonAndPlot() throws Exception {
    // Given: synthetic tiles, and one model under two names.
    Path data = folder.resolve("data");
    DatasetWriter writer = new DatasetWriter(data);
    SyntheticTissue tissue = new SyntheticTissue(1);
    for (int i = 0; i < 3; i++) {
      writer.write(tissue.tile("kidney", i, 64));
    }
    Path one = folder.resolve("one.safetensors");
    Path two = folder.resolve("two.safetensors");
    Checkpoint.shipped().save(one);
    Checkpoint.shipped().save(two);
    Path json = folder.resolve("r.json");
    Path plot = folder.resolve("r.png");

    // When
    int code =
        run(
            "study",
            "stain",
            "--data",
            data.toString(),
            "--model",
            one.toString(),
            two.toString(),
            "--json",
            json.toString(),
            "--plot",
            plot.toString(),
            "--limit",
            "1",
            "--device",
            "cpu");

    // Then: four kinds at five strengths for each model.
    assertThat(code).as(err.toString()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result).isEqualTo(new ObjectMapper().readTree(out.toString()));
    assertThat(result.get("images").asInt()).isEqualTo(1);
    assertThat(result.get("robustness")).hasSize(40);
    assertThat(result.at("/robustness/0/model").asText()).isEqualTo("one");
    assertThat(result.at("/robustness/0/shift").asText()).isEqualTo("haematoxylin");
    assertThat(result.at("/robustness/0/strength").asDouble()).isEqualTo(-0.4);
    assertThat(result.at("/robustness/0/recall").isNumber()).isTrue();
    assertThat(result.at("/robustness/0/precision").isNumber()).isTrue();
    assertThat(result.at("/robustness/0/dice").isNumber()).isTrue();
    assertThat(result.at("/models/1/model").asText()).isEqualTo("two");
    assertThat(result.at("/models/1/inputColour").asText())
        .isEqualToIgnoringCase(Checkpoint.shipped().config().inputColour().name());
    assertThat(result.at("/models/1/worst/dice").asDouble())
        .isLessThanOrEqualTo(result.at("/models/1/mean/dice").asDouble());
    assertThat(Files.size(plot)).isPositive();
  }

  @Test
  void shouldAskForAStudy() {
    assertThat(run("study")).isEqualTo(2);
    assertThat(err.toString()).contains("Name a study");
  }

  @Test
  void shouldRefuseALimitOfNoImages() {
    assertThat(run("study", "stain", "--data", folder.toString(), "--limit", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--limit must be 1 or more");
  }

  private int run(String... args) {
    CommandLine command = StudyCommandLine.make();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(args);
  }
}
