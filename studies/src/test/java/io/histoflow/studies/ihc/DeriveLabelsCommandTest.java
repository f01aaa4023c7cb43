package io.histoflow.studies.ihc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.colour.OpticalDensity;
import io.histoflow.imaging.colour.StainMatrix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** On pairs that are drawn (synthetic): the IHC is the H&E moved, DAB on a disc. */
class DeriveLabelsCommandTest {
  private static final int RIGHT = 12;
  private static final int DOWN = 8;
  private static final int RADIUS = 60;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("he"));
    Files.createDirectories(folder.resolve("ihc"));
  }

  @Test
  void shouldWriteADataSetOfWhatIsAcceptedAndSayWhyTheRestIsNot() throws Exception {
    // Given
    pair("stained", 384, 3, 192, 0.22);
    pair("empty", 256, 2, 128, 0);

    // When
    int code =
        run(
            "--he",
            "he",
            "--ihc",
            "ihc",
            "--out",
            "set",
            "--organ",
            "kidney",
            "--picture",
            "pictures",
            "--json",
            "found.json");

    // Then
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("1 of 2 accepted", "empty refused: ", "of the IHC is stained with DAB");
    List<Sample> samples = Dataset.open(folder.resolve("set")).samples();
    assertThat(samples).extracting(Sample::id).containsExactly("stained");
    LabelledTile tile = samples.get(0).load();
    assertThat(tile.organ()).isEqualTo("kidney");
    assertThat(tile.mask().at(192, 192)).isTrue();
    assertThat(tile.mask().at(360, 20)).isFalse();
    assertThat(tile.uncertain().orElseThrow().at(192 + RADIUS, 192)).isTrue();
    assertThat(tile.uncertain().orElseThrow().at(360, 20)).isFalse();
    assertThat(folder.resolve("pictures/empty.jpg")).isNotEmptyFile();
    JsonNode pairs =
        new ObjectMapper().readTree(folder.resolve("found.json").toFile()).get("pairs");
    assertThat(pairs.get(1).get("refusal").isNull()).isTrue();
    assertThat(pairs.get(1).get("apart").asDouble()).isLessThan(16);
    assertThat(pairs.get(0).get("positive").isNull()).isTrue();
  }

  @Test
  void shouldReadLargePairsByRegions() throws Exception {
    // Given
    pair("slide", 640, 3, 480, 0.3);

    // When
    int code = run("--he", "he", "--ihc", "ihc", "--out", "set", "--region", "320");

    // Then: at two sides regions reach beyond the moved IHC
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("slide_0_0 refused: the IHC slide does not cover it", "1 of 4 accepted");
    List<Sample> samples = Dataset.open(folder.resolve("set")).samples();
    assertThat(samples).extracting(Sample::id).containsExactly("slide_320_320");
    LabelledTile tile = samples.get(0).load();
    assertThat(tile.mask().at(160, 160)).isTrue();
    assertThat(tile.mask().at(20, 160)).isFalse();
  }

  @Test
  void shouldRefuseAPairThatCannotBeReadAndGoOn() throws Exception {
    // Given
    pair("a", 256, 4, 128, 0.3);
    pair("b", 256, 5, 128, 0.3);
    Files.writeString(folder.resolve("ihc/a.png"), "no image");

    // When
    int code = run("--he", "he", "--ihc", "ihc", "--out", "set");

    // Then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("a refused: ").containsPattern("of 2 accepted");
  }

  @Test
  void shouldNameWhatHasNoPartner() throws Exception {
    // Given
    pair("a", 256, 4, 128, 0.3);
    Files.delete(folder.resolve("ihc/a.png"));

    // When
    int code = run("--he", "he", "--ihc", "ihc", "--out", "set");

    // Then
    assertThat(code).isNotZero();
    assertThat(err.toString()).contains("'a' is in only one of");
  }

  @Test
  void shouldNotWriteIntoADataSetThatIsThere() throws Exception {
    // Given
    Files.createDirectories(folder.resolve("set/kidney"));

    // When
    int code = run("--he", "he", "--ihc", "ihc", "--out", "set");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("is not empty");
  }

  private void pair(String name, int side, int seed, int middle, double dab) throws IOException {
    RgbImage all = new SyntheticTissue(seed).image("kidney", 0, side + 32, side + 32).image();
    RgbImage he = all.crop(0, 0, side, side);
    RgbImage moved = all.crop(RIGHT, DOWN, side, side);
    byte[] rgb = new byte[3 * side * side];
    for (int i = 0; i < side * side; i++) {
      double[] amounts =
          StainMatrix.HED.amounts(
              OpticalDensity.of(moved.rgb()[3 * i]),
              OpticalDensity.of(moved.rgb()[3 * i + 1]),
              OpticalDensity.of(moved.rgb()[3 * i + 2]));
      int row = i / side;
      double away = Math.hypot(i % side + RIGHT - middle, row + DOWN - middle);
      boolean stained = away < RADIUS;
      double[] mixed =
          StainMatrix.H_DAB.densities(
              Math.max(0, amounts[0]) + 0.1, stained ? dab * Math.log(10) : 0, 0);
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = OpticalDensity.intensity((float) mixed[c]);
      }
    }
    Files.write(folder.resolve("he").resolve(name + ".png"), RgbPng.encode(he));
    Files.write(
        folder.resolve("ihc").resolve(name + ".png"), RgbPng.encode(RgbImage.of(side, side, rgb)));
  }

  private int run(String... args) {
    String[] all = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      boolean path = i % 2 == 1 && !args[i].matches("kidney|[0-9]+");
      all[i] = path ? folder.resolve(args[i]).toString() : args[i];
    }
    CommandLine command = new CommandLine(new DeriveLabelsCommand());
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          line.getErr().println(failure.getMessage());
          return 1;
        });
    return command.execute(all);
  }
}
