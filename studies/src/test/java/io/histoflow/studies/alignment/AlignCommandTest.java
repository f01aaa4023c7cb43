package io.histoflow.studies.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.alignment.MaskAlignment;
import io.histoflow.datasets.alignment.MaskOffset;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.studies.StudyCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AlignCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private Path data;
  private LabelledTile exact;

  @BeforeEach
  void writeMasksBesideTheirImages() {
    data = folder.resolve("data");
    exact = new SyntheticTissue(1).image("kidney", 0, 256, 256);
    DatasetWriter writer = new DatasetWriter(data);
    writer.write(
        new LabelledTile(
            "beside",
            exact.organ(),
            exact.image(),
            MaskAlignment.moved(exact.mask(), new MaskOffset(-1, 1, 0, true))));
    writer.write(
        new LabelledTile(
            "empty", exact.organ(), exact.image(), Mask.of(256, 256, new byte[256 * 256])));
  }

  @Test
  void shouldWriteADataSetWhoseMasksLieOnTheirImages() throws Exception {
    // Given
    Path aligned = folder.resolve("aligned");
    Path json = folder.resolve("offsets.json");

    // When
    int code =
        run("--data", data.toString(), "--out", aligned.toString(), "--json", json.toString());

    // Then: image and number of positives stay, the mask lies nearer to the exact one
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("beside", "not found, stays", "2 images, mean");
    LabelledTile moved = Dataset.open(aligned).samples().get(0).load();
    assertThat(moved.image().rgb()).isEqualTo(exact.image().rgb());
    LabelledTile given = Dataset.open(data).samples().get(0).load();
    assertThat(differing(moved.mask(), exact.mask()))
        .isLessThan(differing(given.mask(), exact.mask()) / 3);
    JsonNode images = new ObjectMapper().readTree(json.toFile()).get("images");
    assertThat(images.get(0).get("down").asDouble()).isCloseTo(1, within(0.15));
    assertThat(images.get(0).get("right").asDouble()).isCloseTo(-1, within(0.15));
    assertThat(images.get(1).get("found").asBoolean()).isFalse();
    assertThat(images.get(1).get("correlation").isNull()).isTrue();
  }

  @Test
  void shouldOnlyLookWithoutAFolder() {
    // When
    int code = run("--data", data.toString());

    // Then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("beside");
    assertThat(folder).isDirectoryNotContaining("glob:**aligned");
  }

  @Test
  void shouldNotWriteOverWhatIsThere() throws Exception {
    // Given
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("notes.txt"), "mine");

    // When
    int code = run("--data", data.toString(), "--out", taken.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("taken", "not empty");
  }

  private static int differing(Mask one, Mask other) {
    int pixels = 0;
    for (int i = 0; i < one.values().length; i++) {
      pixels += one.values()[i] == other.values()[i] ? 0 : 1;
    }
    return pixels;
  }

  private int run(String... args) {
    CommandLine commands = StudyCommandLine.make();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(
        Stream.concat(Stream.of("align"), Arrays.stream(args)).toArray(String[]::new));
  }
}
