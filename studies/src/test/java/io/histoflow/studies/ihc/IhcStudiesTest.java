package io.histoflow.studies.ihc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.colour.OpticalDensity;
import io.histoflow.imaging.colour.StainMatrix;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class IhcStudiesTest {
  private final StringWriter out = new StringWriter();
  @TempDir private Path folder;

  /** The moving image is the fixed one, from 20 pixels further right on (synthetic). */
  @Test
  void shouldMeasureWhatIsLeftBetweenLandmarks() throws Exception {
    // Given
    RgbImage all = new SyntheticTissue(1).image("kidney", 0, 360, 320).image();
    Files.write(folder.resolve("he.png"), RgbPng.encode(all.crop(0, 0, 320, 320)));
    Files.write(folder.resolve("ihc.png"), RgbPng.encode(all.crop(20, 0, 320, 320)));
    Files.writeString(folder.resolve("he.csv"), ",X,Y\n1,30,30\n2,150,30\n3,30,150\n4,140,130\n");
    Files.writeString(folder.resolve("ihc.csv"), ",X,Y\n1,20,30\n2,140,30\n3,20,150\n4,130,130\n");
    Path pairs = folder.resolve("pairs.csv");
    Files.writeString(
        pairs, "he,ihc,he_landmarks,ihc_landmarks,scale\nhe.png,ihc.png,he.csv,ihc.csv,2\n");
    Path json = folder.resolve("found.json");

    // When
    int code = run(new RegistrationStudyCommand(), "--pairs", pairs, "--json", json);

    // Then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("landmark affine", "100 %");
    JsonNode pair = new ObjectMapper().readTree(json.toFile()).get("pairs").get(0);
    assertThat(pair.get("none").asDouble() * Math.hypot(320, 320)).isBetween(19.9, 20.1);
    assertThat(pair.get("most").asDouble()).isLessThan(2);
    assertThat(pair.get("folded").asDouble()).isZero();
  }

  @Test
  void shouldCompareThresholdsWithPositiveNuclei() throws Exception {
    // Given: a quarter of the panel is positive
    byte[] ihc = new byte[3 * 64 * 64];
    byte[] truth = new byte[3 * 64 * 64];
    for (int i = 0; i < 64 * 64; i++) {
      boolean positive = i % 64 < 32 && i < 32 * 64;
      double[] densities = StainMatrix.H_DAB.densities(0.3, positive ? 2 : 0.1, 0);
      for (int c = 0; c < 3; c++) {
        ihc[3 * i + c] = OpticalDensity.intensity((float) densities[c]);
      }
      truth[3 * i + (positive ? 0 : 2)] = (byte) 255;
    }
    Files.write(folder.resolve("p_ihc_dab.png"), RgbPng.encode(RgbImage.of(64, 64, ihc)));
    Files.write(folder.resolve("p_segmentation.png"), RgbPng.encode(RgbImage.of(64, 64, truth)));
    Path json = folder.resolve("found.json");

    // When
    int code = run(new DabStudyCommand(), "--panels", folder, "--json", json);

    // Then
    assertThat(code).isZero();
    JsonNode panel = new ObjectMapper().readTree(json.toFile()).get("panels").get(0);
    assertThat(panel.get("dice").asDouble()).isEqualTo(1);
    assertThat(panel.get("bestDice").asDouble()).isEqualTo(1);
  }

  private int run(Object command, Object... args) {
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    CommandLine line = new CommandLine(command);
    line.setOut(new PrintWriter(out, true));
    return line.execute(texts);
  }
}
