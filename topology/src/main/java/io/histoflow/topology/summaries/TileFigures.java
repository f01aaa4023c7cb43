package io.histoflow.topology.summaries;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * What drift is looked for in: sketches of two figures of the same tiles.
 *
 * @param entropy mean entropy, bits per pixel
 * @param positiveArea positive area, as a share of the tile's pixels
 */
public record TileFigures(KllDoublesSketch entropy, KllDoublesSketch positiveArea) {

  /** Returns figures of no tile. */
  public static TileFigures empty() {
    return new TileFigures(Sketches.empty(), Sketches.empty());
  }

  /**
   * Adds one tile, in place.
   *
   * @param meanEntropy bits per pixel
   * @param positiveFraction share of the tile's pixels, 0..1
   */
  public void add(double meanEntropy, double positiveFraction) {
    entropy.update(meanEntropy);
    positiveArea.update(positiveFraction);
  }

  /** Adds other tiles, in place. */
  public void add(TileFigures others) {
    entropy.merge(others.entropy);
    positiveArea.merge(others.positiveArea);
  }

  /** Returns the number of tiles. */
  public long count() {
    return entropy.getN();
  }

  /** Writes both sketches. */
  public void write(DataOutput out) throws IOException {
    Sketches.write(out, entropy);
    Sketches.write(out, positiveArea);
  }

  /** Reads what {@link #write} wrote. */
  public static TileFigures read(DataInput in) throws IOException {
    return new TileFigures(Sketches.read(in), Sketches.read(in));
  }
}
