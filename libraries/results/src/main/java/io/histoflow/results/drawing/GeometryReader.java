package io.histoflow.results.drawing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/** Reads one geometry, whose size is bounded; what it cannot be is kept as its fault. */
final class GeometryReader {
  /** More than any nucleus and most sheets of them have. */
  private static final int MOST_CORNERS = 100_000;

  private static final int DEEPEST = 5;
  private static final double FARTHEST = 1 << 26;
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private final JsonParser json;
  private final Frame frame;
  private Optional<String> fault = Optional.empty();
  private Optional<Geometry> shape = Optional.empty();
  private int corners;

  private GeometryReader(JsonParser json, Frame frame) {
    this.json = json;
    this.frame = frame;
  }

  /** Reads the object that the parser has just entered, to its end. */
  static GeometryReader read(JsonParser json, Frame frame) throws IOException {
    GeometryReader reader = new GeometryReader(json, frame);
    reader.read();
    return reader;
  }

  /** Returns why there is no shape. */
  Optional<String> fault() {
    return fault;
  }

  /** Returns the polygons in pixels of the canvas. */
  Optional<Geometry> shape() {
    return shape;
  }

  private void read() throws IOException {
    String type = "";
    Object coordinates = List.of();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("type") && value == JsonToken.VALUE_STRING) {
        type = json.getText();
      } else if (name.equals("coordinates") && value == JsonToken.START_ARRAY) {
        coordinates = nested(1);
      } else {
        json.skipChildren();
      }
    }
    if (fault.isEmpty()) {
      try {
        shape = Optional.of(polygons(type, coordinates));
      } catch (Fault e) {
        fault = Optional.of(e.getMessage());
      }
    }
  }

  /** A position as {@code double[]}, or a list of what is nested in it. */
  private Object nested(int depth) throws IOException {
    List<Object> parts = new ArrayList<>();
    double[] position = new double[2];
    int numbers = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken().isNumeric()) {
        if (numbers < 2) {
          position[numbers] = frame.toCanvas(json.getDoubleValue(), numbers);
        }
        numbers++;
      } else if (json.currentToken() == JsonToken.START_ARRAY && depth < DEEPEST) {
        Object part = nested(depth + 1);
        if (corners <= MOST_CORNERS) {
          parts.add(part);
        }
      } else {
        json.skipChildren();
        fault = Optional.of("its coordinates hold something that is no number");
      }
    }
    if (numbers < 2 || !parts.isEmpty()) {
      return parts;
    }
    if (!(Math.abs(position[0]) <= FARTHEST && Math.abs(position[1]) <= FARTHEST)) {
      fault = Optional.of("it lies farther out than any slide reaches");
    }
    if (++corners > MOST_CORNERS) {
      fault = Optional.of("it has more than " + MOST_CORNERS + " corners");
    }
    return position;
  }

  private static Geometry polygons(String type, Object coordinates) throws Fault {
    return switch (type) {
      case "Polygon" -> polygon(coordinates);
      case "MultiPolygon" -> {
        List<Polygon> polygons = new ArrayList<>();
        for (Object part : parts(coordinates)) {
          polygons.add(polygon(part));
        }
        yield GEOMETRY.createMultiPolygon(polygons.toArray(Polygon[]::new));
      }
      default ->
          throw new Fault(
              type.isEmpty()
                  ? "its geometry does not say its type"
                  : "its geometry is no Polygon or MultiPolygon");
    };
  }

  private static Polygon polygon(Object rings) throws Fault {
    List<LinearRing> all = new ArrayList<>();
    for (Object ring : parts(rings)) {
      all.add(ring(ring));
    }
    return GEOMETRY.createPolygon(
        all.get(0), all.subList(1, all.size()).toArray(LinearRing[]::new));
  }

  private static LinearRing ring(Object positions) throws Fault {
    List<Object> all = parts(positions);
    Coordinate[] ring = new Coordinate[all.size()];
    for (int i = 0; i < ring.length; i++) {
      if (!(all.get(i) instanceof double[] position)) {
        throw new Fault("its coordinates are nested in another way than its type says");
      }
      ring[i] = new Coordinate(position[0], position[1]);
    }
    if (ring.length < 4) {
      throw new Fault("one of its rings has fewer than three corners");
    }
    if (!ring[0].equals2D(ring[ring.length - 1])) {
      throw new Fault("one of its rings is not closed: its first corner must be its last too");
    }
    return GEOMETRY.createLinearRing(ring);
  }

  private static List<Object> parts(Object nested) throws Fault {
    if (nested instanceof List<?> list && !list.isEmpty()) {
      return List.copyOf(list);
    }
    throw new Fault("its coordinates are nested in another way than its type says");
  }

  /** Ends the reading of one geometry. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    Fault(String reason) {
      super(reason);
    }
  }
}
