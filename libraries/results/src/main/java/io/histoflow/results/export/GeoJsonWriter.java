package io.histoflow.results.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.histoflow.results.slide.Nucleus;
import io.histoflow.results.slide.SlideResults;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;

/**
 * Writes nuclei as GeoJSON that QuPath opens: a FeatureCollection, each nucleus a detection (or an
 * annotation, whose outline QuPath lets people mend), coordinates in level-0 pixels from where
 * QuPath shows the slide.
 *
 * <p>By the rules of QuPath's importer: ids are UUIDs, names that have no value are left out, rings
 * are closed, and a measurement is a number or not there.
 */
public final class GeoJsonWriter implements NucleusWriter {
  /** The measurement that says how far an outline was simplified, in pixels of the scan. */
  public static final String SIMPLIFIED = "Simplified px";

  private static final int DECIMALS = 2;

  private final JsonGenerator json;
  private final Outlines outlines;
  private final String objectType;
  private final double downsample;
  private final int originX;
  private final int originY;
  private final OptionalDouble micronsPerPixel;

  /**
   * Begins a file.
   *
   * @param out closed with this
   * @param slide whose nuclei come
   * @param outlines how exact outlines are
   * @param asAnnotations whether outlines are annotations
   */
  public GeoJsonWriter(
      OutputStream out, SlideResults slide, Outlines outlines, boolean asAnnotations)
      throws IOException {
    this.json =
        JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build()
            .createGenerator(out);
    this.outlines = outlines;
    this.objectType = asAnnotations ? "annotation" : "detection";
    this.downsample = slide.downsample();
    this.originX = slide.originX();
    this.originY = slide.originY();
    this.micronsPerPixel = slide.micronsPerPixel();
    json.writeStartObject();
    json.writeStringField("type", "FeatureCollection");
    json.writeArrayFieldStart("features");
  }

  @Override
  public void write(Nucleus nucleus) throws IOException {
    // A line for each, so that text tools can look into the file.
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringField("type", "Feature");
    json.writeStringField("id", nucleus.id().toString());
    json.writeObjectFieldStart("geometry");
    json.writeStringField("type", "Polygon");
    json.writeArrayFieldStart("coordinates");
    Polygon outline = outlines.of(nucleus.pixels());
    ring(outline.getExteriorRing());
    for (int i = 0; i < outline.getNumInteriorRing(); i++) {
      ring(outline.getInteriorRingN(i));
    }
    json.writeEndArray();
    json.writeEndObject();
    properties(nucleus);
    json.writeEndObject();
  }

  private void properties(Nucleus nucleus) throws IOException {
    json.writeObjectFieldStart("properties");
    json.writeStringField("objectType", objectType);
    json.writeObjectFieldStart("measurements");
    long pixels = nucleus.pixels().area();
    number("Area px^2", pixels * downsample * downsample, DECIMALS);
    if (micronsPerPixel.isPresent()) {
      double microns = micronsPerPixel.getAsDouble();
      number("Area µm^2", pixels * microns * microns, 3);
    }
    if (nucleus.meanEntropy().isPresent()) {
      number("Mean entropy bits", nucleus.meanEntropy().getAsDouble(), 4);
    }
    if (outlines.tolerance() > 0) {
      json.writeNumberField(SIMPLIFIED, outlines.tolerance());
    }
    json.writeEndObject();
    json.writeStringField("organ", nucleus.organ());
    json.writeStringField("modelId", nucleus.modelId());
    json.writeNumberField("modelVersion", nucleus.modelVersion());
    json.writeStringField("verdict", nucleus.verdict());
    json.writeEndObject();
  }

  private void ring(LineString ring) throws IOException {
    json.writeStartArray();
    for (Coordinate corner : ring.getCoordinates()) {
      json.writeStartArray();
      coordinate(corner.x * downsample - originX);
      coordinate(corner.y * downsample - originY);
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void coordinate(double level0) throws IOException {
    if (level0 == Math.rint(level0)) {
      json.writeNumber((long) level0);
    } else {
      json.writeNumber(rounded(level0, DECIMALS));
    }
  }

  private void number(String name, double value, int decimals) throws IOException {
    json.writeNumberField(name, rounded(value, decimals));
  }

  private static BigDecimal rounded(double value, int decimals) {
    return BigDecimal.valueOf(value)
        .setScale(decimals, RoundingMode.HALF_EVEN)
        .stripTrailingZeros();
  }

  @Override
  public void close() throws IOException {
    json.writeRaw('\n');
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
    json.close();
  }
}
