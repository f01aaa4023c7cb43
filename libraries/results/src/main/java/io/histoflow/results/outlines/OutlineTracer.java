package io.histoflow.results.outlines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/**
 * Traces the outline of a connected set of pixels along their edges, so that the polygon's area is
 * the number of pixels. (0, 0) is the corner of the first pixel. Where pixels of the set touch at a
 * corner only, the ring is split there: shell and holes may touch, but none touches itself.
 */
public final class OutlineTracer {
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private OutlineTracer() {}

  /**
   * Traces.
   *
   * @param pixels connected through edges
   * @return a valid polygon, its shell counterclockwise in the sense of RFC 7946
   * @throws IllegalArgumentException where the pixels are not connected through edges
   */
  public static Polygon trace(PixelSet pixels) {
    List<Coordinate[]> shells = new ArrayList<>();
    List<LinearRing> holes = new ArrayList<>();
    for (long[] loop : loops(edges(pixels))) {
      Coordinate[] ring = ring(loop);
      if (area(ring) > 0) {
        shells.add(ring);
      } else {
        holes.add(GEOMETRY.createLinearRing(ring));
      }
    }
    if (shells.size() != 1) {
      throw new IllegalArgumentException(
          "The pixels are " + shells.size() + " pieces: an outline goes around one");
    }
    return GEOMETRY.createPolygon(
        GEOMETRY.createLinearRing(shells.get(0)), holes.toArray(LinearRing[]::new));
  }

  /** The edges between pixels of the set and others; the set lies on the right of each. */
  private static Edge[] edges(PixelSet pixels) {
    List<Edge> edges = new ArrayList<>(4 * pixels.size());
    int above = 0;
    int begin = 0;
    int rowAbove = Integer.MIN_VALUE;
    while (begin < pixels.size()) {
      int row = pixels.row(begin);
      int end = begin;
      while (end < pixels.size() && pixels.row(end) == row) {
        edges.add(new Edge(vertex(pixels.to(end), row), vertex(pixels.to(end), row + 1)));
        edges.add(new Edge(vertex(pixels.from(end), row + 1), vertex(pixels.from(end), row)));
        end++;
      }
      if (rowAbove == row - 1) {
        addBetween(pixels, above, begin, end, row, edges);
      } else {
        addBetween(pixels, above, begin, begin, rowAbove + 1, edges);
        addBetween(pixels, begin, begin, end, row, edges);
      }
      above = begin;
      begin = end;
      rowAbove = row;
    }
    addBetween(pixels, above, begin, begin, rowAbove + 1, edges);
    Edge[] sorted = edges.toArray(Edge[]::new);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Edges along the upper side of a row: runs above to middle against runs middle to end. */
  private static void addBetween(
      PixelSet pixels, int above, int middle, int end, int y, List<Edge> edges) {
    int upper = 2 * above;
    int lower = 2 * middle;
    boolean inUpper = false;
    boolean inLower = false;
    int since = 0;
    while (upper < 2 * middle || lower < 2 * end) {
      int nextUpper = upper < 2 * middle ? bound(pixels, upper) : Integer.MAX_VALUE;
      int nextLower = lower < 2 * end ? bound(pixels, lower) : Integer.MAX_VALUE;
      int x = Math.min(nextUpper, nextLower);
      if (inLower && !inUpper) {
        edges.add(new Edge(vertex(since, y), vertex(x, y)));
      } else if (inUpper && !inLower) {
        edges.add(new Edge(vertex(x, y), vertex(since, y)));
      }
      if (nextUpper == x) {
        inUpper = !inUpper;
        upper++;
      }
      if (nextLower == x) {
        inLower = !inLower;
        lower++;
      }
      since = x;
    }
  }

  private static int bound(PixelSet pixels, int index) {
    return index % 2 == 0 ? pixels.from(index / 2) : pixels.to(index / 2);
  }

  /** Closed ways along the edges, each of which passes none of its vertices twice. */
  private static List<long[]> loops(Edge[] edges) {
    List<long[]> loops = new ArrayList<>();
    boolean[] used = new boolean[edges.length];
    long[] path = new long[edges.length + 1];
    Map<Long, Integer> onPath = new HashMap<>();
    for (int i = 0; i < edges.length; i++) {
      if (used[i]) {
        continue;
      }
      int length = 0;
      long at = edges[i].from;
      do {
        onPath.put(at, length);
        path[length++] = at;
        int next = leaving(edges, used, at);
        used[next] = true;
        at = edges[next].to;
        Integer met = onPath.get(at);
        if (met != null) {
          loops.add(Arrays.copyOfRange(path, met, length));
          while (length > met) {
            onPath.remove(path[--length]);
          }
        }
      } while (length > 0 || at != edges[i].from);
    }
    return loops;
  }

  /** As many edges leave a vertex as lead there, so that one is left. */
  private static int leaving(Edge[] edges, boolean[] used, long vertex) {
    int low = 0;
    int high = edges.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (edges[middle].from < vertex) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (used[low]) {
      low++;
    }
    return low;
  }

  /** The corners of a loop, the first again at the end. */
  private static Coordinate[] ring(long[] loop) {
    List<Coordinate> corners = new ArrayList<>();
    for (int i = 0; i < loop.length; i++) {
      long before = loop[(i + loop.length - 1) % loop.length];
      long after = loop[(i + 1) % loop.length];
      if (x(before) != x(after) && y(before) != y(after)) {
        corners.add(new Coordinate(x(loop[i]), y(loop[i])));
      }
    }
    corners.add(corners.get(0).copy());
    return corners.toArray(Coordinate[]::new);
  }

  private static double area(Coordinate[] ring) {
    double twice = 0;
    for (int i = 1; i < ring.length; i++) {
      twice += ring[i - 1].x * ring[i].y - ring[i].x * ring[i - 1].y;
    }
    return twice / 2;
  }

  private static long vertex(int x, int y) {
    return ((long) x << Integer.SIZE) | (y & 0xFFFFFFFFL);
  }

  private static int x(long vertex) {
    return (int) (vertex >> Integer.SIZE);
  }

  private static int y(long vertex) {
    return (int) vertex;
  }

  private record Edge(long from, long to) implements Comparable<Edge> {
    @Override
    public int compareTo(Edge other) {
      return from == other.from ? Long.compare(to, other.to) : Long.compare(from, other.from);
    }
  }
}
