package io.histoflow.topology;

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
record TileFigures(KllDoublesSketch entropy, KllDoublesSketch positiveArea) {

  static TileFigures empty() {
    return new TileFigures(ScoreDistribution.emptySketch(), ScoreDistribution.emptySketch());
  }

  /** Adds one tile, in place. */
  void add(double meanEntropy, double positiveFraction) {
    entropy.update(meanEntropy);
    positiveArea.update(positiveFraction);
  }

  /** Adds other tiles, in place. */
  void add(TileFigures others) {
    entropy.merge(others.entropy);
    positiveArea.merge(others.positiveArea);
  }

  /** Returns the number of tiles. */
  long count() {
    return entropy.getN();
  }

  void write(DataOutput out) throws IOException {
    ScoreHistory.writeSketch(out, entropy);
    ScoreHistory.writeSketch(out, positiveArea);
  }

  static TileFigures read(DataInput in) throws IOException {
    return new TileFigures(ScoreHistory.readSketch(in), ScoreHistory.readSketch(in));
  }
}
