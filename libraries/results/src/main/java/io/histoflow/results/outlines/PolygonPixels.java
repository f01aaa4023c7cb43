package io.histoflow.results.outlines;

import java.util.Arrays;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;

/**
 * Finds the pixels of a polygon: those whose centres lie inside. Of an outline that was traced
 * along pixels it gives those pixels again.
 */
public final class PolygonPixels {
  /** Most rows that the edges of one polygon may cross together. */
  private static final long MOST_CROSSINGS = 4_000_000;

  private PolygonPixels() {}

  /**
   * Finds them.
   *
   * @param polygonal a valid polygon, or several; its coordinates are within those of an int
   * @return empty where the polygon is too long to be followed
   */
  public static Optional<PixelSet> of(Geometry polygonal) {
    Crossings crossings = new Crossings();
    for (int i = 0; i < polygonal.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) polygonal.getGeometryN(i);
      boolean fits = crossings.add(polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        fits = fits && crossings.add(polygon.getInteriorRingN(hole));
      }
      if (!fits) {
        return Optional.empty();
      }
    }
    return Optional.of(crossings.pixels());
  }

  /** Where edges cross the middle of a row. */
  private static final class Crossings {
    private Crossing[] all = new Crossing[64];
    private int count;

    /** Adds those of a ring; says false where there are too many. */
    boolean add(LineString ring) {
      Coordinate[] at = ring.getCoordinates();
      for (int i = 1; i < at.length; i++) {
        // The same crossing whichever way the edge is walked.
        boolean down = at[i - 1].y <= at[i].y;
        Coordinate upper = down ? at[i - 1] : at[i];
        Coordinate lower = down ? at[i] : at[i - 1];
        int first = (int) Math.ceil(upper.y - 0.5);
        int end = (int) Math.ceil(lower.y - 0.5);
        if ((long) count + end - first > MOST_CROSSINGS) {
          return false;
        }
        double slope = (lower.x - upper.x) / (lower.y - upper.y);
        for (int row = first; row < end; row++) {
          add(new Crossing(row, upper.x + (row + 0.5 - upper.y) * slope));
        }
      }
      return true;
    }

    private void add(Crossing crossing) {
      if (count == all.length) {
        all = Arrays.copyOf(all, 2 * count);
      }
      all[count++] = crossing;
    }

    PixelSet pixels() {
      Arrays.sort(all, 0, count);
      RunList runs = new RunList();
      for (int i = 0; i + 1 < count; i += 2) {
        int from = (int) Math.ceil(all[i].x - 0.5);
        int to = (int) Math.ceil(all[i + 1].x - 0.5);
        if (from < to) {
          runs.add(all[i].row, from, to);
        }
      }
      return runs.pixels();
    }
  }

  private record Crossing(int row, double x) implements Comparable<Crossing> {
    @Override
    public int compareTo(Crossing other) {
      return row == other.row ? Double.compare(x, other.x) : Integer.compare(row, other.row);
    }
  }
}
