package io.histoflow.studies.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.studies.StudyCommandLine;
import io.histoflow.studies.cost.NetworkCost;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldWriteJsonAndReportAtTheThresholdAskedFor(@TempDir Path folder) throws Exception {
    // Given: a small untrained network, two synthetic tiles, and a folder that does not exist yet
    Path model = folder.resolve("small.safetensors");
    Checkpoint checkpoint =
        new Checkpoint(
            Weights.initial(ClinSegNetConfig.standard(4, List.of("kidney")), 1),
            new CheckpointMetadata(0, 0.5, "nothing", "research use only: untrained", Map.of()));
    checkpoint.save(model);
    SyntheticTissue tissue = new SyntheticTissue(1);
    Path data = folder.resolve("synthetic");
    DatasetWriter writer = new DatasetWriter(data);
    writer.write(tissue.tile("kidney", 0, 96));
    writer.write(tissue.tile("lung", 0, 96));
    Path json = folder.resolve("results/e.json");
    Path report = folder.resolve("results/r.html");

    // When
    int code =
        run(
            "evaluate",
            "--data",
            data.toString(),
            "--model",
            model.toString(),
            "--json",
            json.toString(),
            "--report",
            report.toString(),
            "--threshold",
            "0.4",
            "--tta",
            "--device",
            "cpu");

    // Then
    assertThat(code).as(err.toString()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(out.toString()).contains("kidney", "lung", "GFLOP").doesNotContain("{", "sweep");
    assertThat(out.toString().lines()).hasSizeLessThan(20);
    assertThat(result.get("images").asInt()).isEqualTo(2);
    assertThat(result.get("threshold").asDouble()).isEqualTo(0.4);
    assertThat(result.get("testTimeAugmentation").asBoolean()).isTrue();
    assertThat(result.fieldNames())
        .toIterable()
        .contains("recall", "fnr", "precision", "dice", "iou", "micro", "organs", "model")
        .contains("sweep", "averagePrecision", "cost");
    assertThat(result.at("/organs/lung/images").asInt()).isEqualTo(1);
    assertThat(result.at("/model/sha256").asText()).isEqualTo(checkpoint.sha256());
    assertThat(result.at("/cost/gflops").asDouble())
        .isEqualTo(NetworkCost.of(checkpoint.config(), 224).operations() / 1e9);
    assertThat(Files.readString(report))
        .contains("synthetic", "0.400", "eight flips and turns", "Research use only");
  }

  @Test
  void shouldRefuseAThresholdThatIsNoProbability(@TempDir Path folder) {
    // When
    int code = run("evaluate", "--data", folder.toString(), "--threshold", "1.5");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--threshold").contains("0..1").contains("1.5");
  }

  @Test
  void shouldMeasureImagesOfAnotherResolutionAtTheModels(@TempDir Path folder) throws Exception {
    // Given a model of 0.25 um/px
    Path model = folder.resolve("small.safetensors");
    CheckpointMetadata metadata = new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of());
    new Checkpoint(
            Weights.initial(ClinSegNetConfig.standard(4, List.of("kidney")), 1),
            metadata.withMicronsPerPixel(0.25))
        .save(model);
    Path data = folder.resolve("synthetic");
    new DatasetWriter(data).write(new SyntheticTissue(1).tile("kidney", 0, 48));
    Path json = folder.resolve("e.json");
    Path report = folder.resolve("r.html");
    List<String> common = List.of("--data", data.toString(), "--model", model.toString());

    // When
    int known = evaluate(common, "--mpp", "0.5", "--json", json.toString());
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    String said = out.toString();
    int unknown = evaluate(common, "--json", json.toString(), "--report", report.toString());
    JsonNode silent = new ObjectMapper().readTree(json.toFile());
    int impossible = evaluate(common, "--mpp", "25000");

    // Then
    assertThat(List.of(known, unknown, impossible)).containsExactly(0, 0, 2);
    assertThat(said).contains("Resolution 0.5 µm/px, resampled to the model's 0.25.");
    assertThat(result.get("micronsPerPixel").asDouble()).isEqualTo(0.5);
    assertThat(result.get("modelMicronsPerPixel").asDouble()).isEqualTo(0.25);
    assertThat(result.get("resampled").asBoolean()).isTrue();
    assertThat(result.at("/micro/pixels").asInt()).isEqualTo(48 * 48);
    assertThat(out.toString()).contains("Resolution not known: taken as the model's 0.25");
    assertThat(silent.get("micronsPerPixel").isNull()).isTrue();
    assertThat(silent.get("resampled").asBoolean()).isFalse();
    assertThat(Files.readString(report)).contains("Resolution not known");
    assertThat(err.toString()).contains("--mpp 25000.0 cannot be used", "0.0125 to 80");
  }

  private int evaluate(List<String> common, String... more) {
    List<String> all = new ArrayList<>(List.of("evaluate", "--device", "cpu"));
    all.addAll(common);
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  @Test
  void shouldMeasureEachDataSetOnTheImagesThatAListNames(@TempDir Path folder) throws Exception {
    // Given: two sets of two synthetic tiles, and a list of three of these
    Path model = folder.resolve("small.safetensors");
    new Checkpoint(
            Weights.initial(ClinSegNetConfig.standard(4, List.of("kidney")), 1),
            new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()))
        .save(model);
    SyntheticTissue tissue = new SyntheticTissue(1);
    List<String> ids = new ArrayList<>();
    for (int tile = 0; tile < 4; tile++) {
      LabelledTile drawn = tissue.tile("kidney", tile, 48);
      new DatasetWriter(folder.resolve(tile < 2 ? "one" : "two")).write(drawn);
      ids.add(drawn.id());
    }
    Path list = Files.write(folder.resolve("held-out.txt"), ids.subList(0, 3));
    Path json = folder.resolve("e.json");
    String one = folder.resolve("one").toString();
    String two = folder.resolve("two").toString();

    // When
    int code =
        evaluate(
            List.of("--data", one, "--data", two, "--model", model.toString()),
            "--only",
            list.toString(),
            "--json",
            json.toString());

    // Then
    assertThat(code).as(err.toString()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("images").asInt()).isEqualTo(3);
    assertThat(result.get("dataSets").get(one).get("images").asInt()).isEqualTo(2);
    assertThat(result.get("dataSets").get(two).get("images").asInt()).isEqualTo(1);
    assertThat(out.toString()).contains(one, two);
  }

  @Test
  void shouldStateThePriceOfTestTimeAugmentation() {
    // When
    run("evaluate", "--help");

    // Then
    assertThat(out.toString()).contains("--tta").contains("eight times as long");
  }

  private int run(String... args) {
    CommandLine command = StudyCommandLine.make();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(args);
  }
}
