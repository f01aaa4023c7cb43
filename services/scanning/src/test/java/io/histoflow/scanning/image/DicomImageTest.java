package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.dicom.DicomSeries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomImageTest {

  @TempDir Path dir;

  @Test
  void shouldReadAFolderOfLevelsInJpeg2000ToTheLastBit() throws Exception {
    try (SlideImage slide = SlideImage.open(Waves.file("dicom-j2k/level0.dcm"))) {
      assertThat(slide.levels())
          .containsExactly(new SlideImage.Level(200, 150), new SlideImage.Level(100, 75));
      assertThat(slide.micronsPerPixel()).as("spacing of 0.00025 mm").hasValue(0.25);
      assertThat(slide.scanner()).contains("Maker Model 42");
      assertThat(slide.dicomIds())
          .as("of level 0; the files name no study")
          .hasValue(new SlideImage.DicomIds("1.2.3.322503103", "1.2.3.4.5", Optional.empty()));
      assertThat(slide.region(0, 0, 200, 150).rgb()).isEqualTo(Waves.image().rgb());
      RgbImage half = slide.region(1, 0, 0, 100, 75);
      assertThat(Waves.difference(half, Waves.half(Waves.image()))).isLessThanOrEqualTo(1);
      assertThat(slide.associatedImages()).containsExactly("label");
      assertThat(slide.associatedImage("label").rgb())
          .isEqualTo(Waves.image().crop(0, 0, 90, 60).rgb());
    }
  }

  @Test
  void shouldTakeTheLargestLevelOfAFolderForTheSlide() throws Exception {
    // Given
    Path folder = Waves.file("dicom-j2k/level0.dcm").getParent();
    List<Path> files =
        List.of(
            folder.resolve("label.dcm"),
            folder.resolve("level1.dcm"),
            folder.resolve("level0.dcm"),
            Waves.file("sparse-jpeg.dcm"),
            Files.writeString(dir.resolve("broken.dcm"), "no"));

    // When, Then: what cannot be read stays, to be named by the scan
    assertThat(DicomSeries.slides(files))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("level0.dcm", "sparse-jpeg.dcm", "broken.dcm");
  }

  @Test
  void shouldPutSparseFramesWhereTheySayAndGlassWhereThereIsNone() throws Exception {
    // Given: frames from the last to the first, without the second of the second row
    try (SlideImage slide = SlideImage.open(Waves.file("sparse-jpeg.dcm"))) {
      // When, Then
      RgbImage gap = slide.region(64, 64, 64, 64);
      assertThat(gap.rgb()).containsOnly((byte) 255);
      RgbImage below = slide.region(20, 128, 170, 22);
      assertThat(Waves.difference(below, Waves.image().crop(20, 128, 170, 22))).isLessThan(24);
      RgbImage right = slide.region(128, 0, 72, 128);
      assertThat(Waves.difference(right, Waves.image().crop(128, 0, 72, 128))).isLessThan(24);
    }
  }

  @Test
  void shouldBelieveTheFileThatItsJpegIsRgbAndJoinFramesInSeveralPieces() throws Exception {
    try (SlideImage slide = SlideImage.open(Waves.file("rgb-pieces-jpeg.dcm"))) {
      RgbImage whole = slide.region(0, 0, 200, 150);
      assertThat(Waves.difference(whole, Waves.image())).isLessThan(24);
    }
  }

  @Test
  void shouldRefuseALabelAsASlide() throws Exception {
    Path label = Waves.file("dicom-j2k/label.dcm");
    assertThatThrownBy(() -> SlideImage.open(label))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageStartingWith(label + ": it is the LABEL of a slide");
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.840.10008.1.2.4.50, 1.2.840.10008.1.2.4.80, encoded as JPEG-LS",
    "1.2.840.10008.1.2.4.50, 1.2.840.10008.1.2.4.99, encoded as transfer syntax 1.2.840",
    "YBR_FULL_422, MONOCHROME1_, colour space MONOCHROME1_",
    "TILED_SPARSE, TILED_FULL__, its slide has 12",
  })
  void shouldRefuseWhatItWouldReadWrongly(String word, String other, String sentence)
      throws Exception {
    // Given
    String text =
        new String(Waves.bytes("sparse-jpeg.dcm"), StandardCharsets.ISO_8859_1)
            .replaceFirst(word, other.replace('_', word.equals("TILED_SPARSE") ? ' ' : '_'));
    String mended = text.replaceFirst("TILED FULL  ", "TILED_FULL  ");
    Path file = Files.write(dir.resolve("other.dcm"), mended.getBytes(StandardCharsets.ISO_8859_1));

    // When, Then
    assertThatThrownBy(() -> SlideImage.open(file))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageStartingWith(file + ": the DICOM file ")
        .hasMessageContaining(sentence);
  }
}
