package io.histoflow.evaluation;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.TileSegmenter;

/**
 * Test-time augmentation: segments a tile in all eight ways it can be flipped and turned and
 * averages the probabilities, laid back. It costs eight passes through the network; memory stays
 * that of one.
 */
public final class FlipTurnSegmenter implements TileSegmenter {

  private final TileSegmenter tiles;

  /** Averages over what another segmenter says of one tile. */
  public FlipTurnSegmenter(TileSegmenter tiles) {
    this.tiles = tiles;
  }

  @Override
  public float[] probabilities(RgbImage image, String organ) {
    double[] sums = new double[image.width() * image.height()];
    for (FlipTurn way : FlipTurn.ALL) {
      float[] laidBack =
          way.undo(tiles.probabilities(way.apply(image), organ), image.width(), image.height());
      for (int i = 0; i < sums.length; i++) {
        sums[i] += laidBack[i];
      }
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      means[i] = (float) (sums[i] / FlipTurn.ALL.size());
    }
    return means;
  }
}
