package io.histoflow.datasets.alignment;

import io.histoflow.imaging.Mask;

/** Pearson's correlation of a stain with a mask that is moved by whole pixels. */
final class StainCorrelation {

  private final byte[] stain;
  private final Mask mask;
  private final int margin;
  private final int pixels;
  private final double mean;
  private final double deviation;

  /**
   * Looks at the pixels at least a margin from the edge, so that a move brings none from outside.
   *
   * @param stain (H, W), 0..255 as unsigned bytes
   * @param mask (H, W)
   * @param reach the most pixels of a move each way
   */
  StainCorrelation(byte[] stain, Mask mask, int reach) {
    this.stain = stain;
    this.mask = mask;
    // One pixel more than a move needs: the offsets on record were found so.
    margin = reach + 1;
    pixels = (mask.width() - 2 * margin) * (mask.height() - 2 * margin);
    long sum = 0;
    long squares = 0;
    for (int y = margin; y < mask.height() - margin; y++) {
      for (int x = margin; x < mask.width() - margin; x++) {
        int value = stain[y * mask.width() + x] & 0xff;
        sum += value;
        squares += (long) value * value;
      }
    }
    mean = (double) sum / pixels;
    deviation = Math.sqrt(Math.max(0, (double) squares / pixels - mean * mean));
  }

  /**
   * Returns the correlation with the mask moved down and right, -1..1; NaN where mask or stain are
   * the same everywhere.
   */
  double of(int down, int right) {
    long together = 0;
    long positive = 0;
    byte[] positives = mask.values();
    for (int y = margin; y < mask.height() - margin; y++) {
      int from = (y - down) * mask.width() - right;
      for (int x = margin; x < mask.width() - margin; x++) {
        int in = positives[from + x];
        positive += in;
        together += (long) in * (stain[y * mask.width() + x] & 0xff);
      }
    }
    double share = (double) positive / pixels;
    double covariance = (double) together / pixels - mean * share;
    return covariance / (deviation * Math.sqrt(share * (1 - share)));
  }
}
