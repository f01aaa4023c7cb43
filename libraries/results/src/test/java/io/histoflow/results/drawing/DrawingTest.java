package io.histoflow.results.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.imaging.Mask;
import io.histoflow.results.export.ExportFormat;
import io.histoflow.results.export.Outlines;
import io.histoflow.results.export.SlideExport;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.TestSlide;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.locationtech.jts.io.geojson.GeoJsonWriter;

class DrawingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SQUARE = "[[[4,0],[6,0],[6,2],[4,2],[4,0]]]";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.75, 2})
  void shouldFindNothingChangedInWhatWasExported(double simplified) throws Exception {
    try (SlideResults slide = noise(5, 32)) {
      // Given
      Path file = export(slide, simplified);
      // When
      Drawing drawing = Drawing.read(slide, file, true);
      // Then
      assertThat(drawing.edits()).isEmpty();
      assertThat(drawing.unchanged()).isEqualTo(drawing.outlines()).isGreaterThan(20);
      assertThat(drawing.refused() + drawing.mended() + drawing.drawn() + drawing.removed())
          .isZero();
    }
  }

  @Test
  void shouldChangeExactlyWhatOnePolygonChanges() throws Exception {
    // Given two nuclei, one of which lies on two tiles, and what another reader makes of them
    try (SlideResults slide =
        TestSlide.create()
            .tile(0, 0, "....", ".#..", "...#", "....")
            .tile(4, 0, "....", "....", "##..", "....")
            .results()) {
      ObjectNode collection = (ObjectNode) JSON.readTree(export(slide, 0).toFile());
      ObjectNode feature = (ObjectNode) collection.at("/features/1");
      Geometry outline = new GeoJsonReader().read(feature.path("geometry").toString());
      // When it is moved down by a row
      Geometry moved = AffineTransformation.translationInstance(0, 1).transform(outline);
      GeoJsonWriter writer = new GeoJsonWriter();
      writer.setEncodeCRS(false);
      feature.set("geometry", JSON.readTree(writer.write(moved)));
      Drawing drawing = Drawing.read(slide, file(collection.toString()), false);
      // Then
      assertThat(drawing.mended()).isEqualTo(1);
      assertThat(drawing.unchanged()).isEqualTo(1);
      assertThat(masks(drawing))
          .containsExactlyInAnyOrder(
              TestSlide.mask("....", ".#..", "....", "...#"),
              TestSlide.mask("....", "....", "....", "##.."));
    }
  }

  @Test
  void shouldCountFromWhereAViewerShowsACroppedSlide() throws Exception {
    // Given
    try (SlideResults slide =
        TestSlide.cropped(10, 20)
            .add(TestSlide.result(12, 22, "##..", "....").setDownsample(2).build())
            .results()) {
      // When
      Path file = export(slide, 0);
      // Then
      assertThat(Files.readString(file)).contains("[[2,2],[6,2],[6,4],[2,4],[2,2]]");
      assertThat(Drawing.read(slide, file, true).unchanged()).isEqualTo(1);
      Drawing drawn =
          Drawing.read(
              slide, file(feature("new", "Polygon", "[[[6,4],[10,4],[10,6],[6,6],[6,4]]]")), false);
      assertThat(masks(drawn)).containsExactly(TestSlide.mask("##..", "..##"));
    }
  }

  @Test
  void shouldAddWhatIsDrawnAnewAndLeaveWhatTheFileDoesNotHold() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "#...", "....", "...#").results()) {
      // When QuPath's pen drew it, between pixels
      Drawing drawing =
          Drawing.read(
              slide,
              file(
                  "["
                      + feature(
                          UUID.randomUUID().toString(),
                          "Polygon",
                          "[[[0.4,0.6],[2.2,0.4],[2.1,2.3],[0.3,2.1],[0.4,0.6]]]")
                      + "]"),
              false);
      // Then
      assertThat(drawing.drawn()).isEqualTo(1);
      assertThat(drawing.missing()).isEqualTo(2);
      assertThat(masks(drawing)).containsExactly(TestSlide.mask("##..", "##..", "...#"));
    }
  }

  @Test
  void shouldRemoveWhatACompleteFileDoesNotHold() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "#...", "....", "...#").results()) {
      // Given
      ObjectNode collection = (ObjectNode) JSON.readTree(export(slide, 0).toFile());
      ((ArrayNode) collection.path("features")).remove(0);
      // When
      Drawing drawing = Drawing.read(slide, file(collection.toString()), true);
      // Then
      assertThat(drawing.removed()).isEqualTo(1);
      assertThat(masks(drawing)).containsExactly(TestSlide.mask("....", "....", "...#"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Polygon | [[[0,0],[2,2],[2,0],[0,2],[0,0]]] | crosses or touches itself near (1.0, 1.0)",
        "Polygon | [[[0,0],[2,0],[2,2],[0,2]]] | not closed",
        "Polygon | [[[0,0],[2,0],[0,0]]] | fewer than three corners",
        "Polygon | [[[0,0],[2,0],[2,\"x\"],[0,0]]] | no number",
        "Polygon | [[0,0],[2,0],[2,2],[0,0]] | nested in another way",
        "Polygon | [] | nested in another way",
        "Polygon | [[[[[[[[0]]]]]]]] | no number",
        "Polygon | [[[0,0],[1e300,0],[2,2],[0,0]]] | farther out",
        "Polygon | [[[40,40],[42,40],[42,42],[40,42],[40,40]]] | no tile of slide slide-1",
        "Polygon | [[[2,0],[5,0],[5,1],[2,1],[2,0]]] | 1 of its 3 pixels",
        "Polygon | [[[0.1,0.1],[0.2,0.1],[0.2,0.2],[0.1,0.1]]] | no pixel's centre",
        "Polygon | [[[-9,-9],[9,-9],[9,9],[-9,9],[-9,-9]]] | a region, no nucleus",
        "Point | [1,1] | no Polygon or MultiPolygon",
        "'' | [1,1] | does not say its type",
      })
  void shouldRefuseOneOutlineWithItsReasonAndTakeTheOthers(
      String type, String coordinates, String reason) throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "....", "....").results()) {
      // When
      Drawing drawing =
          Drawing.read(
              slide,
              file(
                  "{\"type\":\"FeatureCollection\",\"features\":["
                      + feature("odd", type, coordinates)
                      + ","
                      + feature("good", "Polygon", "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]")
                      + "]}"),
              false);
      // Then
      assertThat(drawing.refusals()).hasSize(1);
      assertThat(drawing.refusals().get(0).sentence())
          .startsWith("Outline 1 (odd): ")
          .contains(reason);
      assertThat(masks(drawing)).containsExactly(TestSlide.mask("#...", "...."));
    }
  }

  @Test
  void shouldRefuseWhatIsOfAnotherSlideOfAnOlderResultOrThereTwice() throws Exception {
    // Given
    String older;
    String foreign;
    try (SlideResults slide = TestSlide.create().tile(0, 0, "#......").results()) {
      older = JSON.readTree(export(slide, 0).toFile()).at("/features/0").toString();
    }
    try (SlideResults slide =
        TestSlide.scanned("scan-9", 1)
            .add(TestSlide.result(0, 0, "#......").setScanId("scan-9").build())
            .results()) {
      foreign = JSON.readTree(export(slide, 0).toFile()).at("/features/0").toString();
    }
    String changed = older.replace("[0,1]", "[0,2]").replace("[1,1]", "[1,2]");
    // When the slide has changed since
    try (SlideResults slide = TestSlide.create().tile(0, 0, "##.....", ".......").results()) {
      String present = JSON.readTree(export(slide, 0).toFile()).at("/features/0").toString();
      Drawing drawing =
          Drawing.read(
              slide, file("[" + String.join(",", changed, foreign, present, present) + "]"), true);
      // Then
      assertThat(drawing.refusals().stream().map(Refusal::reason))
          .satisfiesExactlyInAnyOrder(
              reason -> assertThat(reason).contains("corrected anew since it was exported"),
              reason -> assertThat(reason).contains("from another slide, or from another scan"),
              reason -> assertThat(reason).contains("another outline before it has its id"));
      assertThat(drawing.edits()).isEmpty();
    }
  }

  @Test
  void shouldNeitherMendNorRemoveANucleusWhoseOutlineIsRefused() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "##..", "##..").results()) {
      // Given
      ObjectNode collection = (ObjectNode) JSON.readTree(export(slide, 0).toFile());
      ((ObjectNode) collection.at("/features/0/geometry"))
          .set("coordinates", JSON.readTree("[[[0,0],[2,2],[2,0],[0,2],[0,0]]]"));
      // When
      Drawing drawing = Drawing.read(slide, file(collection.toString()), true);
      // Then
      assertThat(drawing.refused()).isEqualTo(1);
      assertThat(drawing.edits()).isEmpty();
    }
  }

  @Test
  void shouldTakeSeveralPiecesAsOneOutline() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "......", "......").results()) {
      Drawing drawing =
          Drawing.read(
              slide,
              file(
                  feature(
                      "two", "MultiPolygon", "[[[[0,0],[1,0],[1,1],[0,1],[0,0]]]," + SQUARE + "]")),
              false);
      assertThat(masks(drawing)).containsExactly(TestSlide.mask("#...##", "....##"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | does not begin with { or [",
        "42 | does not begin with { or [",
        "{\"type\":\"FeatureCollection\"} | holds no features",
        "{\"type\":\"FeatureCollection\",\"features\":[ | is damaged at line 1",
        "[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[NaN,1]]]}}] | is damaged",
        "[] [] | goes on after its end",
      })
  void shouldRefuseAWholeFileThatIsNone(String content, String reason) throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "....").results()) {
      Path file = file(content);
      assertThatThrownBy(() -> Drawing.read(slide, file, false))
          .isInstanceOf(DrawingException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(reason);
    }
  }

  @Test
  void shouldMeetAnyDamageWithASentence() throws Exception {
    try (SlideResults slide = noise(9, 10)) {
      // Given
      byte[] good = Files.readAllBytes(export(slide, 0));
      Random random = new Random(1);
      for (int i = 0; i < 1_000; i++) {
        byte[] damaged = good.clone();
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
          damaged[random.nextInt(damaged.length)] = (byte) (32 + random.nextInt(95));
        }
        Path file = folder.resolve("damaged.geojson");
        Files.write(file, damaged);
        // When
        try {
          Drawing drawing = Drawing.read(slide, file, i % 2 == 0);
          // Then what is not refused makes masks
          masks(drawing);
          assertThat(drawing.refusals()).allSatisfy(r -> assertThat(r.reason()).isNotBlank());
        } catch (DrawingException e) {
          assertThat(e).hasMessageStartingWith(file.toString());
        }
      }
    }
  }

  private static List<Mask> masks(Drawing drawing) {
    List<Mask> masks = new ArrayList<>();
    drawing.edits().forEach(edit -> masks.add(edit.mask()));
    return masks;
  }

  private static String feature(String id, String type, String coordinates) {
    return """
        {"type":"Feature","id":"%s","geometry":{"type":"%s","coordinates":%s},\
        "properties":{"objectType":"annotation"}}"""
        .formatted(id, type, coordinates);
  }

  private Path file(String content) throws Exception {
    Path file = folder.resolve("drawn.geojson");
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private Path export(SlideResults slide, double simplified) throws Exception {
    Path file = folder.resolve("exported.geojson");
    var unused =
        new SlideExport(ExportFormat.GEOJSON, new Outlines(simplified), false)
            .write(slide, file, count -> {});
    return file;
  }

  private static SlideResults noise(long seed, int side) {
    Random random = new Random(seed);
    TestSlide slide = TestSlide.create();
    for (int x = 0; x < 2 * side; x += side) {
      byte[] values = new byte[side * side];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) (random.nextInt(5) < 3 ? 1 : 0);
      }
      slide.add(TestSlide.result(x, 0, Mask.of(side, side, values)).build());
    }
    return slide.results();
  }

  /** So that JSON is read here as it is there. */
  @Test
  void shouldReadOneFeatureAlone() throws Exception {
    try (SlideResults slide = TestSlide.create().tile(0, 0, "......", "......").results()) {
      JsonNode feature = JSON.readTree(feature("one", "Polygon", SQUARE));
      Drawing drawing = Drawing.read(slide, file(feature.toPrettyString()), false);
      assertThat(drawing.drawn()).isEqualTo(1);
    }
  }
}
