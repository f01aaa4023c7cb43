package io.histoflow.studies.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CrossValidationCommandTest {
  /** Thresholds at level 0.08 need twelve images, and a fold is judged by those of the other. */
  private static final int IMAGES = 24;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private Path data;
  private Path work;

  @BeforeEach
  void trainTwoFoldsForOneStep() {
    data = folder.resolve("data");
    work = folder.resolve("work");
    for (int i = 0; i < IMAGES; i++) {
      new DatasetWriter(data).write(new SyntheticTissue(1).tile("kidney", i, 64));
    }
    int code =
        run(
            "train",
            "--data",
            data.toString(),
            "--folds",
            "2",
            "--steps",
            "1",
            "--batch",
            "1",
            "--width",
            "4",
            "--work",
            work.toString(),
            "--out",
            folder.resolve("model.safetensors").toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
  }

  @Test
  void shouldMeasureTheFoldsOfATrainingAgain() throws Exception {
    // Given
    Path json = folder.resolve("again.json");
    Path plot = folder.resolve("again.png");

    // When
    int code =
        run(
            "study",
            "cross-validation",
            "--data",
            data.toString(),
            "--work",
            work.toString(),
            "--json",
            json.toString(),
            "--plot",
            plot.toString());

    // Then: what the training said
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("own organ less unknown");
    assertThat(read(json)).isEqualTo(read(work.resolve("cross-validation.json")));
    assertThat(Files.readAllBytes(plot))
        .isEqualTo(Files.readAllBytes(work.resolve("cross-validation.png")));
  }

  @Test
  void shouldMeasureTheFoldsAgainstOtherMasks() throws Exception {
    // Given: the same images with masks of their left half
    Path others = folder.resolve("others");
    byte[] left = new byte[64 * 64];
    for (int i = 0; i < left.length; i++) {
      left[i] = (byte) (i % 64 < 32 ? 1 : 0);
    }
    for (int i = 0; i < IMAGES; i++) {
      LabelledTile tile = new SyntheticTissue(1).tile("kidney", i, 64);
      new DatasetWriter(others)
          .write(new LabelledTile(tile.id(), tile.organ(), tile.image(), Mask.of(64, 64, left)));
    }
    Path json = folder.resolve("others.json");

    // When
    int code =
        run(
            "study",
            "cross-validation",
            "--data",
            others.toString(),
            "--work",
            work.toString(),
            "--json",
            json.toString());

    // Then
    assertThat(code).isZero();
    assertThat(read(json).get("images"))
        .isEqualTo(read(work.resolve("cross-validation.json")).get("images"));
    assertThat(read(json).get("dice"))
        .isNotEqualTo(read(work.resolve("cross-validation.json")).get("dice"));
  }

  @Test
  void shouldSayWhichImageIsMissing() {
    // Given
    Path few = folder.resolve("few");
    new DatasetWriter(few).write(new SyntheticTissue(1).tile("kidney", 0, 64));

    // When
    int code =
        run("study", "cross-validation", "--data", few.toString(), "--work", work.toString());

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("held-out.txt", "in none of the data sets");
  }

  private static JsonNode read(Path json) throws Exception {
    return new ObjectMapper().readTree(json.toFile());
  }

  private int run(String... args) {
    CommandLine commands = StudyCommandLine.make();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(args);
  }
}
