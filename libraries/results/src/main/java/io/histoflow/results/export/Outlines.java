package io.histoflow.results.export;

import io.histoflow.results.outlines.OutlineTracer;
import io.histoflow.results.outlines.PixelSet;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;

/**
 * The outlines that are exported: exactly along the pixels, or with fewer corners.
 *
 * @param tolerance how far in pixels of the canvas an outline may move; 0 for exactly
 */
public record Outlines(double tolerance) {
  /** Exactly along the pixels. */
  public static final Outlines EXACT = new Outlines(0);

  public Outlines {
    if (!(tolerance >= 0 && tolerance <= 100)) {
      throw new IllegalArgumentException(
          "Outlines are simplified by 0 to 100 pixels, not by " + tolerance);
    }
  }

  /** Returns the outline of a connected set of pixels, in pixels of the canvas. */
  public Polygon of(PixelSet pixels) {
    Polygon exact = OutlineTracer.trace(pixels);
    if (tolerance == 0) {
      return exact;
    }
    Polygon simple = (Polygon) TopologyPreservingSimplifier.simplify(exact, tolerance);
    return simple.isValid() ? simple : exact;
  }
}
