package io.histoflow.studies.background;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
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

class BackgroundStudyCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void writeData() throws Exception {
    data = folder.resolve("data");
    new DatasetWriter(data).write(new SyntheticTissue(1).image("kidney", 0, 128, 128));
  }

  @Test
  void shouldCountBackgroundOfSlidesAndLossesOfMasks() throws Exception {
    // Given: a synthetic image with its mask, and a slide that is half glass
    byte[] rgb = new byte[128 * 64 * 3];
    Arrays.fill(rgb, 0, rgb.length / 2, (byte) 240);
    Arrays.fill(rgb, rgb.length / 2, rgb.length, (byte) 120);
    Path slide = folder.resolve("slide.png");
    Files.write(slide, RgbPng.encode(RgbImage.of(64, 128, rgb)));
    Path json = folder.resolve("background.json");

    // When
    int code =
        run(
            "--data",
            data.toString(),
            "--slide",
            slide.toString(),
            "--tile-size",
            "64",
            "128",
            "--json",
            json.toString());

    // Then
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("slide.png", "0.500", "lost");
    JsonNode rows = new ObjectMapper().readTree(json.toFile()).get("background");
    assertThat(rows.findValuesAsText("tileSize"))
        .containsExactly("64", "128", "64", "128", "64", "128");
    assertThat(rows.get(0).get("positivePixels").asLong()).isPositive();
    assertThat(rows.get(0).get("lostPixels").asLong()).isZero();
    assertThat(rows.get(4).get("tiles").asInt()).isEqualTo(2);
    assertThat(rows.get(4).get("background").asInt()).isEqualTo(1);
  }

  @Test
  void shouldNameASlideThatCannotBeRead() throws Exception {
    // Given
    Path broken = Files.writeString(folder.resolve("broken.svs"), "no slide");

    // When
    int code = run("--data", data.toString(), "--slide", broken.toString());

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("broken.svs");
  }

  private int run(String... args) {
    CommandLine commands = StudyCommandLine.make();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(
        Stream.concat(Stream.of("study", "background"), Arrays.stream(args))
            .toArray(String[]::new));
  }
}
