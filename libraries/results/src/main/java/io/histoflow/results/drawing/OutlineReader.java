package io.histoflow.results.drawing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.histoflow.results.export.GeoJsonWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.locationtech.jts.geom.Geometry;

/**
 * Reads outlines from GeoJSON as QuPath writes it, one at a time: a FeatureCollection, an array of
 * Features or one Feature, plain or as .gz. One that is odd is told with its fault; only a file
 * that is no such JSON is refused.
 */
final class OutlineReader {
  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int LONGEST_ID = 64;
  private static final Set<String> NO_NUCLEI = Set.of("tile", "tmaCore", "root");
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser json;
  private final Frame frame;
  private final Consumer<DrawnOutline> outlines;
  private long count;

  private OutlineReader(JsonParser json, Frame frame, Consumer<DrawnOutline> outlines) {
    this.json = json;
    this.frame = frame;
    this.outlines = outlines;
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param frame what the file counts in
   * @param outlines receives each outline
   * @return how many there were
   * @throws DrawingException where it is no JSON of the kind, or cannot be read
   */
  static long read(Path file, Frame frame, Consumer<DrawnOutline> outlines)
      throws DrawingException {
    try (InputStream in = open(file);
        JsonParser json = JSON.createParser(in)) {
      OutlineReader reader = new OutlineReader(json, frame, outlines);
      reader.readAll(file);
      return reader.count;
    } catch (JsonProcessingException e) {
      throw new DrawingException(
          "%s is damaged at line %s, column %s: %s. Nothing of it was used."
              .formatted(
                  file,
                  e.getLocation() == null ? "?" : e.getLocation().getLineNr(),
                  e.getLocation() == null ? "?" : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new DrawingException(
          "%s cannot be read (%s). Nothing of it was used.".formatted(file, e), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      in.mark(2);
      boolean compressed = (in.read() << 8 | in.read()) == GZIP_MAGIC;
      in.reset();
      return compressed ? new GZIPInputStream(in) : in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void readAll(Path file) throws IOException, DrawingException {
    JsonToken first = json.nextToken();
    if (first == JsonToken.START_ARRAY) {
      features();
    } else if (first == JsonToken.START_OBJECT) {
      Feature root = new Feature();
      if (!root.read(true)) {
        if (!root.isFeature) {
          throw new DrawingException(
              "%s holds no features: export it from QuPath as GeoJSON, with all its objects as a FeatureCollection."
                  .formatted(file));
        }
        tell(root);
      }
    } else {
      throw new DrawingException(
          "%s is no GeoJSON: it does not begin with { or [.".formatted(file));
    }
    if (json.nextToken() != null) {
      throw new DrawingException(
          "%s goes on after its end: one FeatureCollection is read, not one JSON a line."
              .formatted(file));
    }
  }

  /** At the beginning of the array. */
  private void features() throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Feature feature = new Feature();
      if (json.currentToken() == JsonToken.START_OBJECT) {
        boolean unused = feature.read(false);
      } else {
        json.skipChildren();
        feature.isFeature = false;
      }
      tell(feature);
    }
  }

  private void tell(Feature feature) {
    outlines.accept(feature.outline(++count));
  }

  /** One feature as it is read. */
  private final class Feature {
    private boolean isFeature;
    private Optional<String> id = Optional.empty();
    private Optional<String> fault = Optional.empty();
    private String objectType = "annotation";
    private double simplified;
    private Optional<GeometryReader> geometry = Optional.empty();

    /** Reads an object to its end; says whether it was a collection, whose features were told. */
    boolean read(boolean mayBeCollection) throws IOException {
      boolean collection = false;
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (mayBeCollection && name.equals("features") && value == JsonToken.START_ARRAY) {
          collection = true;
          features();
        } else if (name.equals("type")) {
          isFeature = value == JsonToken.VALUE_STRING && json.getText().equals("Feature");
          json.skipChildren();
        } else if (name.equals("id") && value == JsonToken.VALUE_STRING) {
          String text = json.getText();
          id = Optional.of(text.length() > LONGEST_ID ? text.substring(0, LONGEST_ID) : text);
        } else if (name.equals("geometry") && value == JsonToken.START_OBJECT) {
          geometry = Optional.of(GeometryReader.read(json, frame));
        } else if (name.equals("properties") && value == JsonToken.START_OBJECT) {
          properties();
        } else {
          json.skipChildren();
        }
      }
      return collection;
    }

    private void properties() throws IOException {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("objectType") && value == JsonToken.VALUE_STRING) {
          objectType = json.getText();
        } else if (name.equals("measurements") && value == JsonToken.START_OBJECT) {
          measurements();
        } else {
          json.skipChildren();
        }
      }
    }

    private void measurements() throws IOException {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals(GeoJsonWriter.SIMPLIFIED) && value.isNumeric()) {
          double pixels = json.getDoubleValue();
          simplified = pixels > 0 && pixels <= 100 ? pixels : 0;
        }
        json.skipChildren();
      }
    }

    DrawnOutline outline(long number) {
      Optional<Geometry> shape = Optional.empty();
      if (!isFeature) {
        fault = Optional.of("it is no Feature");
      } else if (NO_NUCLEI.contains(objectType)) {
        fault = Optional.of("it is a QuPath object of type " + objectType + ", no nucleus");
      } else if (geometry.isEmpty()) {
        fault = Optional.of("it has no geometry");
      } else {
        fault = geometry.get().fault();
        shape = geometry.get().shape();
      }
      return new DrawnOutline(number, id, shape, simplified, fault);
    }
  }
}
