package io.histoflow.studies.thresholds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ThresholdStudyCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeEach
  void draw() throws Exception {
    for (int laboratory = 1; laboratory <= 3; laboratory++) {
      DatasetWriter writer = new DatasetWriter(folder.resolve("laboratory-" + laboratory));
      writer.write(new SyntheticTissue(laboratory).tile("kidney", laboratory, 128));
    }
  }

  @Test
  void shouldMeasureEachLaboratoryByTheOthers() throws Exception {
    // Given
    Path json = folder.resolve("t.json");
    // When
    int code =
        run(
            "--data",
            at(1),
            "--unseen",
            at(2),
            at(3),
            "--json",
            json.toString(),
            "--tile-size",
            "64");
    // Then
    assertThat(code).as(err.toString()).isZero();
    JsonNode rules = new ObjectMapper().readTree(json.toFile()).get("rules");
    assertThat(rules).hasSize(1 + TileStyle.values().length);
    assertThat(rules.at("/0/sets")).hasSize(3);
    assertThat(rules.at("/0/sets/0/set").asText()).isEqualTo(at(1));
    assertThat(rules.at("/0/matched")).hasSize(3);
  }

  @Test
  void shouldCountDataSetsThatAreTogetherAsOneLaboratory() {
    assertThat(run("--data", at(1), at(2), at(3), "--together", at(2), at(3))).isEqualTo(1);
    assertThat(err.toString()).contains("the study needs 3 laboratories or more, not 2");
  }

  private String at(int laboratory) {
    return folder.resolve("laboratory-" + laboratory).toString();
  }

  private int run(String... arguments) {
    CommandLine command = StudyCommandLine.make();
    command.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("study", "thresholds", "--device", "cpu"));
    all.addAll(List.of(arguments));
    return command.execute(all.toArray(String[]::new));
  }
}
