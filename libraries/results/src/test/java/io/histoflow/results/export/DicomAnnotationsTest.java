package io.histoflow.results.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.results.slide.SlideException;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.TestSlide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DicomAnnotationsTest {
  private static final String READ =
      """
      import json, sys, pydicom
      file = pydicom.dcmread(sys.argv[1])
      group = file.AnnotationGroupSequence[0]
      algorithm = group.AnnotationGroupAlgorithmIdentificationSequence[0]
      print(json.dumps({
          'class': file.SOPClassUID, 'meta': file.file_meta.MediaStorageSOPInstanceUID == file.SOPInstanceUID,
          'modality': file.Modality, 'study': file.StudyInstanceUID, 'series': file.SeriesInstanceUID,
          'image': file.ReferencedImageSequence[0].ReferencedSOPInstanceUID,
          'imageSeries': file.ReferencedSeriesSequence[0].SeriesInstanceUID,
          'kind': file.AnnotationCoordinateType + ' ' + file.PixelOriginInterpretation + ' ' + group.GraphicType,
          'count': group.NumberOfAnnotations, 'model': algorithm.AlgorithmName, 'version': algorithm.AlgorithmVersion,
          'generation': group.AnnotationGroupGenerationType,
          'type': group.AnnotationPropertyTypeCodeSequence[0].CodeMeaning,
          'corners': list(memoryview(group.PointCoordinatesData).cast('f')),
          'starts': list(memoryview(group.LongPrimitivePointIndexList).cast('I'))}))
      """;

  @TempDir private Path folder;

  @Test
  void shouldWritePolygonsThatAnotherReaderReads() throws Exception {
    // Given a DICOM slide at half the resolution of its level 0, shown by viewers from (4, 4) on
    try (SlideResults slide =
        TestSlide.ofDicom("1.2.3", "1.2.4", "1.2.5")
            .add(TestSlide.result(8, 0, "##..", "##.#", "...#").setDownsample(2).build())
            .results()) {
      // When
      Path file = export(slide);

      // Then
      JsonNode read = readByPydicom(file);
      assertThat(read.path("class").asText()).isEqualTo("1.2.840.10008.5.1.4.1.1.91.1");
      assertThat(read.path("meta").asBoolean()).isTrue();
      assertThat(read.path("modality").asText()).isEqualTo("ANN");
      assertThat(read.path("study").asText()).isEqualTo("1.2.5");
      assertThat(read.path("series").asText()).startsWith("2.25.");
      assertThat(read.path("image").asText()).isEqualTo("1.2.3");
      assertThat(read.path("imageSeries").asText()).isEqualTo("1.2.4");
      assertThat(read.path("kind").asText()).isEqualTo("2D VOLUME POLYGON");
      assertThat(read.path("model").asText()).isEqualTo("m");
      assertThat(read.path("version").asText()).isEqualTo("1");
      assertThat(read.path("generation").asText()).isEqualTo("AUTOMATIC");
      assertThat(read.path("type").asText()).isEqualTo("Nucleus");
      assertThat(read.path("count").asInt()).isEqualTo(2);
      assertThat(read.path("starts")).extracting(JsonNode::asInt).containsExactly(1, 9);
      assertThat(area(read, 0, 8)).as("4 pixels of 2 x 2").isEqualTo(16);
      assertThat(area(read, 8, 16)).as("2 pixels of 2 x 2").isEqualTo(8);
      assertThat(read.path("corners"))
          .extracting(JsonNode::asInt)
          .containsSubsequence(8, 0)
          .containsSubsequence(16, 6)
          .hasSize(16);
    }
  }

  @Test
  void shouldWriteAnEmptyGroupWhereThereIsNoNucleus() throws Exception {
    try (SlideResults slide =
        TestSlide.ofDicom("1.2.3", "1.2.4", null).tile(0, 0, "....").results()) {
      // When
      byte[] file = Files.readAllBytes(export(slide));

      // Then: no other reader is needed to see the head, the count and that nothing follows
      assertThat(new String(file, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
      ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      int count = indexOf(in, 0x000C_006A);
      assertThat(in.getInt(count + 8)).isZero();
      assertThat(in.getInt(indexOf(in, 0x0016_0066) + 8)).isZero();
    }
  }

  @Test
  void shouldRefuseASlideThatDidNotComeFromDicom() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, ".#..").results()) {
      assertThatThrownBy(() -> export(slide))
          .isInstanceOf(SlideException.class)
          .hasMessageContaining("was not scanned from DICOM")
          .hasMessageContaining("export geojson");
      assertThat(folder).isEmptyDirectory();
    }
  }

  private Path export(SlideResults slide) throws IOException {
    Path file = folder.resolve("s.dcm");
    new SlideExport(ExportFormat.DICOM_ANN, Outlines.EXACT, false).write(slide, file, n -> {});
    return file;
  }

  /** By the shoelace formula. */
  private static double area(JsonNode read, int from, int to) {
    JsonNode corners = read.path("corners");
    double sum = 0;
    for (int i = from; i < to; i += 2) {
      int next = i + 2 == to ? from : i + 2;
      sum +=
          corners.get(i).asDouble() * corners.get(next + 1).asDouble()
              - corners.get(next).asDouble() * corners.get(i + 1).asDouble();
    }
    return Math.abs(sum) / 2;
  }

  private static int indexOf(ByteBuffer in, int tag) {
    for (int i = 0; i + 4 <= in.limit(); i += 2) {
      if (in.getInt(i) == tag) {
        return i;
      }
    }
    throw new AssertionError("The tag is not there");
  }

  private JsonNode readByPydicom(Path file) throws Exception {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      if (run(python, "-c", "import pydicom") == 0) {
        Path json = folder.resolve("read.json");
        assertThat(run(json, python, "-c", READ, file.toString())).isZero();
        return new ObjectMapper().readTree(json.toFile());
      }
    }
    assumeTrue(false, "No Python here has pydicom (Debian: apt-get install python3-pydicom).");
    throw new IllegalStateException();
  }

  private int run(String... command) throws Exception {
    return run(folder.resolve("ignored"), command);
  }

  private static int run(Path output, String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
