package io.histoflow.studies.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CalibrateCommandTest {
  private static final SyntheticTissue TISSUE = new SyntheticTissue(5);
  private static final String FEW = SyntheticTissue.organs().get(0);
  private static final String MANY = SyntheticTissue.organs().get(1);

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path model;
  private Path data;
  private Path calibrated;

  @BeforeEach
  void write() throws Exception {
    model = folder.resolve("tiny.safetensors");
    new Checkpoint(
            Weights.initial(ClinSegNetConfig.standard(4, SyntheticTissue.organs()), 1),
            new CheckpointMetadata(2, 0.5, "nothing: random weights", "none", Map.of()))
        .save(model);
    data = folder.resolve("synthetic");
    DatasetWriter writer = new DatasetWriter(data);
    for (int i = 0; i < 12; i++) {
      writer.write(TISSUE.tile(i < 4 ? FEW : MANY, i, 64));
    }
    calibrated = folder.resolve("new/calibrated.safetensors");
  }

  @Test
  void shouldWriteAModelWhoseThresholdsKeepTheLevel() throws Exception {
    // When
    int code = run("--level", "0.2", "--minimum-units", "6");

    // Then
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    Checkpoint before = Checkpoint.load(model);
    Checkpoint after = Checkpoint.load(calibrated);
    MaskThresholds thresholds = after.thresholds();
    assertThat(after.weights().tensors()).isEqualTo(before.weights().tensors());
    assertThat(after.version()).isEqualTo(2);
    assertThat(thresholds.level()).hasValue(0.2);
    assertThat(thresholds.organs()).containsOnlyKeys(MANY);
    assertThat(thresholds.pooled().units()).isEqualTo(12);

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/level").asDouble()).isEqualTo(0.2);
    assertThat(json.at("/minimumUnits").asInt()).isEqualTo(6);
    assertThat(json.at("/threshold").asDouble()).isEqualTo(after.maskThreshold());
    assertThat(json.at("/units").asInt()).isEqualTo(12);
    JsonNode many = json.at("/organs").get(MANY);
    assertThat(many.get("own").asBoolean()).isTrue();
    assertThat(many.get("units").asInt()).isEqualTo(8);
    assertThat(many.get("threshold").asDouble()).isEqualTo(after.maskThreshold(MANY));
    // 8 / 9 of the rate and 1 / 9 are at most 0.2.
    assertThat(many.get("fnr").asDouble()).isBetween(0.0, 0.1);
    JsonNode few = json.at("/organs").get(FEW);
    assertThat(few.get("own").asBoolean()).isFalse();
    assertThat(few.get("units").asInt()).isEqualTo(4);
    assertThat(few.get("threshold").asDouble()).isEqualTo(after.maskThreshold());
    assertThat(few.get("dice").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.at("/model/version").asInt()).isEqualTo(2);
  }

  @Test
  void shouldRefuseInOneSentenceWhereTheImagesAreTooFew() {
    // When
    int code = run("--level", "0.05");

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("12 images with a positive pixel are too few")
        .contains("at least 19 are needed")
        .doesNotContain("\tat ");
    assertThat(Files.exists(calibrated)).isFalse();
  }

  @Test
  void shouldRefuseALevelThatIsNoRateWithCode2() {
    // When
    int code = run("--level", "1.5");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--level 1.5").contains("above 0 and below 1");
  }

  private int run(String... more) {
    CommandLine command = StudyCommandLine.make();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] args = {
      "calibrate",
      "--model",
      model.toString(),
      "--data",
      data.toString(),
      "--out",
      calibrated.toString(),
      "--device",
      "cpu"
    };
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return command.execute(all);
  }
}
