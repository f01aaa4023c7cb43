package io.histoflow.results.outlines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;

class OutlineTracerTest {
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  @Test
  void shouldTraceAlongTheEdgesOfPixels() {
    // Given
    PixelSet pixels = Pictures.pixels(Pictures.of("....", ".##.", "..#."));
    // When
    Polygon outline = OutlineTracer.trace(pixels);
    // Then
    assertThat(outline.toText()).isEqualTo("POLYGON ((1 1, 3 1, 3 3, 2 3, 2 2, 1 2, 1 1))");
  }

  @Test
  void shouldSplitARingThatWouldTouchItself() {
    // Given a loop of pixels whose ends meet at a corner, and a hole of two pixels that touch so
    PixelSet closed = Pictures.pixels(Pictures.of("##.", "#.#", "###"));
    PixelSet holes = Pictures.pixels(Pictures.of("####", "#.##", "##.#", "####"));
    // When
    Polygon ring = OutlineTracer.trace(closed);
    Polygon pierced = OutlineTracer.trace(holes);
    // Then
    assertThat(ring.getNumInteriorRing()).isEqualTo(1);
    assertThat(pierced.getNumInteriorRing()).isEqualTo(2);
    assertThat(ring.isValid() && pierced.isValid()).isTrue();
  }

  @Test
  void shouldRefuseWhatIsSeveralPieces() {
    assertThatThrownBy(() -> OutlineTracer.trace(Pictures.pixels(Pictures.of("#.", ".#"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 pieces");
  }

  @Test
  void shouldBeValidCoverExactlyThePixelsAndGiveThemAgainWhateverTheShape() {
    for (int seed = 0; seed < 40; seed++) {
      double share = 0.3 + 0.1 * (seed % 6);
      for (PixelSet pixels : Pictures.objects(Pictures.noise(24, 18, share, seed))) {
        // When
        Polygon outline = OutlineTracer.trace(pixels);
        // Then
        assertThat(new IsValidOp(outline).getValidationError()).isNull();
        assertThat(outline.getArea()).isEqualTo((double) pixels.area());
        assertThat(Orientation.isCCW(outline.getExteriorRing().getCoordinates())).isTrue();
        assertThat(PolygonPixels.of(outline)).contains(pixels);
      }
    }
  }

  @Test
  void shouldFindThePixelsWhoseCentresLieInside() {
    for (int seed = 0; seed < 4; seed++) {
      for (PixelSet pixels : Pictures.objects(Pictures.noise(20, 20, 0.7, seed))) {
        // Given an outline with oblique edges
        Geometry outline = TopologyPreservingSimplifier.simplify(OutlineTracer.trace(pixels), 0.75);
        PreparedGeometry boundary = PreparedGeometryFactory.prepare(outline.getBoundary());
        PreparedGeometry inside = PreparedGeometryFactory.prepare(outline);
        // When
        PixelSet found = PolygonPixels.of(outline).orElseThrow();
        // Then, where JTS says it for certain
        for (int y = 0; y < 20; y++) {
          for (int x = 0; x < 20; x++) {
            Point centre = GEOMETRY.createPoint(new Coordinate(x + 0.5, y + 0.5));
            if (!boundary.intersects(centre)) {
              assertThat(contains(found, x, y)).isEqualTo(inside.contains(centre));
            }
          }
        }
      }
    }
  }

  @Test
  void shouldNotFollowAPolygonWithoutEnd() {
    // Given a zigzag over a billion rows
    Coordinate[] ring = new Coordinate[102];
    for (int i = 0; i < 100; i++) {
      ring[i] = new Coordinate(i, i % 2 == 0 ? 0 : 1e9 + i);
    }
    ring[100] = new Coordinate(100, -1);
    ring[101] = ring[0];
    // Then
    assertThat(PolygonPixels.of(GEOMETRY.createPolygon(ring))).isEmpty();
  }

  private static boolean contains(PixelSet pixels, int x, int y) {
    for (int i = 0; i < pixels.size(); i++) {
      if (pixels.row(i) == y && pixels.from(i) <= x && x < pixels.to(i)) {
        return true;
      }
    }
    return false;
  }
}
