package io.histoflow.studies.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RoutingStudyCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldStudyTheImagesOfAList(@TempDir Path folder) throws Exception {
    // Given: three synthetic images, two of them on the list
    Path data = folder.resolve("data");
    DatasetWriter writer = new DatasetWriter(data);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(writer.write(new SyntheticTissue(i).image("kidney", i, 128, 128)).id());
    }
    Path list = folder.resolve("list.txt");
    Files.write(list, ids.subList(1, 3));
    Path json = folder.resolve("routing.json");
    Path plot = folder.resolve("routing.png");

    // When
    int code =
        run(
            "--data", data.toString(),
            "--only", list.toString(),
            "--tile-size", "64",
            "--rounds", "10",
            "--json", json.toString(),
            "--plot", plot.toString());

    // Then
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("8 tiles of 2 images", "positive-entropy", "kidney");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("tiles").asInt()).isEqualTo(8);
    assertThat(result.get("inferenceMillisPerTile").asDouble()).isPositive();
    assertThat(Files.size(plot)).isPositive();
  }

  @Test
  void shouldRefuseMoreModelsThanLists() {
    // When
    int code = run("--data", "d", "--model", "a", "--model", "b", "--only", "a.txt");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--only as often as --model");
  }

  private int run(String... args) {
    CommandLine commands = StudyCommandLine.make();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    String[] all = new String[args.length + 2];
    all[0] = "study";
    all[1] = "routing";
    System.arraycopy(args, 0, all, 2, args.length);
    return commands.execute(all);
  }
}
