package io.histoflow.results.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.imaging.Mask;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.TestSlide;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;

/** What is written, read by readers that know nothing of it. */
class GeoJsonWriterTest {
  @TempDir private Path folder;

  @Test
  void shouldWriteOutlinesThatAnotherReaderReadsWithTheSameArea() throws Exception {
    // Given a slide at half the resolution of its level 0
    try (SlideResults slide =
        TestSlide.create()
            .add(TestSlide.result(8, 0, "....", ".##.", ".#..").setDownsample(2).build())
            .results()) {
      // When
      Path file = export(slide, "s.geojson", Outlines.EXACT, false);
      // Then
      Geometry all = new GeoJsonReader().read(Files.readString(file));
      assertThat(all.getNumGeometries()).isEqualTo(1);
      assertThat(all.getGeometryN(0).norm().toText())
          .isEqualTo(
              new org.locationtech.jts.io.WKTReader()
                  .read("POLYGON ((10 2, 14 2, 14 4, 12 4, 12 6, 10 6, 10 2))")
                  .norm()
                  .toText());
      JsonNode properties = json(file).at("/features/0/properties");
      assertThat(properties.at("/measurements/Area px^2").asDouble()).isEqualTo(12);
      assertThat(properties.at("/measurements/Area µm^2").asDouble()).isEqualTo(0.75);
      assertThat(properties.at("/organ").asText()).isEqualTo("kidney");
      assertThat(properties.at("/modelId").asText()).isEqualTo("m");
      assertThat(properties.at("/modelVersion").asLong()).isEqualTo(1);
      assertThat(properties.at("/verdict").asText()).isEqualTo("none");
    }
  }

  @Test
  void shouldKeepTheRulesOfQuPathsImporter() throws Exception {
    // Given every shape that noise makes
    try (SlideResults slide = noise(1)) {
      for (Outlines outlines : new Outlines[] {Outlines.EXACT, new Outlines(0.75)}) {
        // When
        Path file = export(slide, "s.geojson", outlines, false);
        // Then
        JsonNode root = json(file);
        assertThat(root.path("type").asText()).isEqualTo("FeatureCollection");
        Set<UUID> ids = new HashSet<>();
        for (JsonNode feature : root.path("features")) {
          assertThat(feature.path("type").asText()).isEqualTo("Feature");
          assertThat(ids.add(UUID.fromString(feature.path("id").asText()))).isTrue();
          JsonNode properties = feature.path("properties");
          assertThat(properties.path("objectType").asText()).isEqualTo("detection");
          assertThat(properties.has("name") || properties.has("classification")).isFalse();
          properties
              .path("measurements")
              .forEach(measurement -> assertThat(measurement.isNumber()).isTrue());
          for (JsonNode ring : feature.at("/geometry/coordinates")) {
            assertThat(ring.get(0)).isEqualTo(ring.get(ring.size() - 1));
          }
        }
        assertThat(polygons(file)).allMatch(Geometry::isValid).hasSize(ids.size());
      }
    }
  }

  @Test
  void shouldCallANucleusTheSameFromExportToExport() throws Exception {
    // Given
    Path first;
    Path second;
    Path other;
    try (SlideResults slide = noise(2)) {
      first = export(slide, "1.geojson", Outlines.EXACT, false);
    }
    try (SlideResults slide = noise(2)) {
      second = export(slide, "2.geojson", new Outlines(0.75), true);
    }
    try (SlideResults slide = noise(3)) {
      other = export(slide, "3.geojson", Outlines.EXACT, false);
    }
    // Then
    assertThat(ids(first)).isEqualTo(ids(second)).hasSizeGreaterThan(50);
    assertThat(ids(other)).isNotEqualTo(ids(first));
    assertThat(json(second).at("/features/0/properties/objectType").asText())
        .isEqualTo("annotation");
    assertThat(json(second).at("/features/0/properties/measurements/Simplified px").asDouble())
        .isEqualTo(0.75);
  }

  @Test
  void shouldCompressWhatIsCalledSo() throws Exception {
    try (SlideResults slide = noise(4)) {
      Path plain = export(slide, "s.geojson", Outlines.EXACT, false);
      Path compressed = export(slide, "s.geojson.gz", Outlines.EXACT, false);
      try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
        assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(plain));
      }
    }
  }

  private static SlideResults noise(long seed) {
    Random random = new Random(seed);
    TestSlide slide = TestSlide.create();
    for (int y = 0; y < 64; y += 32) {
      for (int x = 0; x < 64; x += 32) {
        byte[] values = new byte[32 * 32];
        for (int i = 0; i < values.length; i++) {
          values[i] = (byte) random.nextInt(2);
        }
        slide.add(
            TestSlide.result(x, y, Mask.of(32, 32, values))
                .setEntropyMap(TestSlide.entropy(32, 32, 100))
                .build());
      }
    }
    return slide.results();
  }

  private Path export(SlideResults slide, String name, Outlines outlines, boolean asAnnotations)
      throws IOException {
    Path file = folder.resolve(name);
    var unused =
        new SlideExport(ExportFormat.GEOJSON, outlines, asAnnotations)
            .write(slide, file, count -> {});
    return file;
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Set<String> ids(Path file) throws IOException {
    return new HashSet<>(json(file).findValuesAsText("id"));
  }

  private static Iterable<Polygon> polygons(Path file) throws IOException, ParseException {
    Geometry all = new GeoJsonReader().read(Files.readString(file));
    Set<Polygon> polygons = new HashSet<>();
    for (int i = 0; i < all.getNumGeometries(); i++) {
      polygons.add((Polygon) all.getGeometryN(i));
    }
    return polygons;
  }
}
