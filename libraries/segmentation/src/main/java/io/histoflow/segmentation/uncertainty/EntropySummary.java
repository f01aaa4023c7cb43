package io.histoflow.segmentation.uncertainty;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.resolution.Rescaling;

/**
 * What is published of a tile's entropy, taken in one pass over its pixels.
 *
 * @param mean over all pixels, bits per pixel, 0..1
 * @param tail mean of the most uncertain 1 % of the pixels, bits per pixel, 0..1, as {@link
 *     Entropy#tail}
 * @param map ceil(width / 4) x ceil(height / 4) pixels, each the mean entropy of its block of 4 x 4
 *     (of what lies inside the tile), 0..255 for 0..1 bit
 */
public record EntropySummary(double mean, double tail, GreyImage map) {

  /** Side in pixels of the block that one pixel of the map stands for. */
  public static final int BLOCK = 4;

  /**
   * Returns the summary of a tile.
   *
   * @param probabilities (H, W), 0..1; at least one
   * @param width of the tile in pixels
   */
  public static EntropySummary of(float[] probabilities, int width) {
    int height = probabilities.length / width;
    EntropyTail tail = new EntropyTail();
    double[] blocks = new double[ceiling(width)];
    byte[] grey = new byte[blocks.length * ceiling(height)];
    double sum = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float p = probabilities[y * width + x];
        float bits = Entropy.bits(p);
        tail.add(p, bits);
        blocks[x / BLOCK] += bits;
      }
      int rows = y % BLOCK + 1;
      if (rows == BLOCK || y == height - 1) {
        int row = y / BLOCK * blocks.length;
        for (int block = 0; block < blocks.length; block++) {
          int pixels = rows * Math.min(BLOCK, width - BLOCK * block);
          grey[row + block] = (byte) Math.round(255 * blocks[block] / pixels);
          sum += blocks[block];
          blocks[block] = 0;
        }
      }
    }
    return new EntropySummary(
        sum / probabilities.length,
        tail.mean(probabilities),
        GreyImage.of(blocks.length, ceiling(height), grey));
  }

  /**
   * Returns the same with the map in the tile's own pixels, where the network saw it in those of
   * its model; mean and tail stay those of what it saw.
   *
   * @param scale the way there that the tile went
   * @param width of the tile in its own pixels
   * @param height of the tile in its own pixels
   */
  public EntropySummary back(Rescaling scale, int width, int height) {
    return new EntropySummary(mean, tail, scale.back(map, width, height, BLOCK));
  }

  private static int ceiling(int side) {
    return (side + BLOCK - 1) / BLOCK;
  }
}
