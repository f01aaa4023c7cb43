package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slides with JPEG 2000 tiles, decoded by OpenJPEG in a process of its own. */
class Jpeg2000SlideTest {

  @TempDir Path dir;

  @Test
  void shouldReadLosslessTilesToTheLastBit() throws Exception {
    try (SlideImage slide = SlideImage.open(Waves.file("j2k-rgb.svs"))) {
      assertThat(slide.levels())
          .containsExactly(new SlideImage.Level(200, 150), new SlideImage.Level(100, 75));
      assertThat(slide.micronsPerPixel()).hasValue(0.25);
      assertThat(slide.scanner()).contains("SS1234");
      assertThat(slide.region(0, 0, 200, 150).rgb()).isEqualTo(Waves.image().rgb());
      assertThat(slide.region(33, 70, 100, 61).rgb())
          .isEqualTo(Waves.image().crop(33, 70, 100, 61).rgb());
      RgbImage half = slide.region(1, 0, 0, 100, 75);
      assertThat(Waves.difference(half, Waves.half(Waves.image()))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void shouldTurnBrightnessAndColourDifferencesIntoColours() throws Exception {
    // Given: compression 33003, which Aperio has for YCbCr and others call RGB
    try (SlideImage slide = SlideImage.open(Waves.file("j2k-ycbcr.svs"))) {
      // When, Then
      assertThat(Waves.difference(slide.region(0, 0, 200, 150), Waves.image()))
          .as("two roundings")
          .isLessThanOrEqualTo(2);
    }
  }

  @Test
  void shouldReportATileThatIsDamagedAndReadTheOthers() throws Exception {
    // Given: the start of the third codestream overwritten
    byte[] slide = Waves.bytes("j2k-rgb.svs");
    int third = indexOf(slide, 3);
    Arrays.fill(slide, third, third + 8, (byte) 0);
    Path file = Files.write(dir.resolve("damaged.svs"), slide);

    // When, Then
    try (SlideImage image = SlideImage.open(file)) {
      assertThatThrownBy(() -> image.region(128, 0, 64, 64))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageStartingWith(file + ": the JPEG 2000 image is damaged");
      assertThat(image.region(0, 64, 64, 64).rgb())
          .isEqualTo(Waves.image().crop(0, 64, 64, 64).rgb());
    }
  }

  @Test
  void shouldReadTheLevelsOfSubdirectories() throws Exception {
    try (SlideImage slide = SlideImage.open(Waves.file("subifd.tif"))) {
      assertThat(slide.levels())
          .containsExactly(new SlideImage.Level(200, 150), new SlideImage.Level(100, 75));
      assertThat(slide.micronsPerPixel()).hasValue(0.25);
      assertThat(slide.region(0, 0, 200, 150).rgb()).isEqualTo(Waves.image().rgb());
      assertThat(Waves.difference(slide.region(1, 0, 0, 100, 75), Waves.half(Waves.image())))
          .isLessThanOrEqualTo(1);
    }
  }

  @Test
  void shouldReadARealSlideAsAnotherProgramDoes() throws Exception {
    // Given: the same slide, decoded by libvips and kept as JPEG
    Path data = data();
    try (SlideImage slide = SlideImage.open(data.resolve("tcga-cr-7395-01a-01-ts1.svs"));
        SlideImage copy = SlideImage.open(data.resolve("derived_TCGA-CR-7395_pyramid.tif"))) {
      // When
      RgbImage ours = slide.region(1000, 1000, 512, 512);
      RgbImage theirs = copy.region(1000, 1000, 512, 512);

      // Then
      long sum = 0;
      for (int i = 0; i < ours.rgb().length; i++) {
        sum += Math.abs((ours.rgb()[i] & 0xFF) - (theirs.rgb()[i] & 0xFF));
      }
      assertThat(sum / (double) ours.rgb().length).as("the loss of JPEG").isLessThan(6);
      assertThat(slide.levels()).hasSize(2);
      assertThat(slide.associatedImages()).containsExactly("thumbnail");
      assertThat(slide.associatedImage("thumbnail").width()).isEqualTo(956);
    }
  }

  private static Path data() {
    String home = Optional.ofNullable(System.getenv("HISTOFLOW_DATA")).orElse("../shared/data");
    Path data = Path.of(System.getProperty("histoflow.root", ".")).resolve(home).resolve("wsi");
    assumeThat(data).as("real slides").isDirectory();
    return data;
  }

  /** Where the n-th codestream begins. */
  private static int indexOf(byte[] slide, int n) {
    int found = 0;
    for (int i = 0; i + 4 < slide.length; i++) {
      boolean start =
          slide[i] == (byte) 0xFF
              && slide[i + 1] == 0x4F
              && slide[i + 2] == (byte) 0xFF
              && slide[i + 3] == 0x51;
      if (start && ++found == n) {
        return i;
      }
    }
    throw new IllegalArgumentException("There is no codestream " + n);
  }
}
