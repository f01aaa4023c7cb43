package io.histoflow.studies.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.unet.UNet;
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

class TrainCommandTest {
  private static final SyntheticTissue TISSUE = new SyntheticTissue(5);

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data;
  private Path model;

  @BeforeEach
  void write() throws Exception {
    data = folder.resolve("synthetic");
    DatasetWriter writer = new DatasetWriter(data);
    for (int i = 0; i < 6; i++) {
      writer.write(TISSUE.tile("kidney", i, 64));
    }
    model = folder.resolve("model.safetensors");
  }

  @Test
  void shouldTrainAnotherArchitectureThatIsEvaluatedAndCalibrated() throws Exception {
    // Given
    Path json = folder.resolve("evaluation.json");
    Path calibrated = folder.resolve("calibrated.safetensors");

    // When
    train("attention-unet");
    run("evaluate", "--data", data, "--model", model, "--json", json, "--device", "cpu");
    run("calibrate", "--data", data, "--model", model, "--level", "0.5", "--out", calibrated);

    // Then
    Checkpoint trained = Checkpoint.load(model);
    UNet shape = new UNet(4, true, InputColour.HAEMATOXYLIN);
    assertThat(trained.config()).isEqualTo(shape);
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.at("/model/sha256").asText()).isEqualTo(trained.sha256());
    assertThat(result.at("/cost/gflops").asDouble()).isPositive();
    Checkpoint after = Checkpoint.load(calibrated);
    assertThat(after.weights().tensors()).isEqualTo(trained.weights().tensors());
    assertThat(after.thresholds().level()).hasValue(0.5);
  }

  @Test
  void shouldTrainAClinSegNetWhereNoArchitectureIsNamed() throws Exception {
    // When
    run("train", "--data", data, "--out", model, "--steps", "1", "--batch", "1", "--width", "4");

    // Then
    assertThat(Checkpoint.load(model).modelId()).startsWith("clinsegnet-w4-");
  }

  @Test
  void shouldNameTheArchitecturesWhereOneIsUnknown() {
    // When
    int code = code("train", "--data", data, "--out", model, "--architecture", "vnet");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("'vnet' is none of [clinsegnet, unet, attention-unet]");
  }

  private void train(String architecture) {
    run(
        "train",
        "--architecture",
        architecture,
        "--data",
        data,
        "--out",
        model,
        "--steps",
        "2",
        "--batch",
        "1",
        "--width",
        "4");
  }

  private void run(Object... arguments) {
    assertThat(code(arguments)).as(err.toString()).isZero();
  }

  private int code(Object... arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    CommandLine line = StudyCommandLine.make();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(texts.toArray(String[]::new));
  }
}
