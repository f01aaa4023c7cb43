package io.histoflow.segmentation.uncertainty;

/**
 * Connected spots of moderate probability that the mask leaves out altogether: what a missed
 * nucleus should look like.
 */
final class FaintBlobs {

  private FaintBlobs() {}

  /**
   * Returns the probability that lies in such spots, divided by the number of pixels, 0..1. A spot
   * is a set of pixels above a quarter of the threshold that touch by their edges, none of them
   * above the threshold.
   *
   * @param probabilities (H, W), 0..1
   * @param width of the tile in pixels
   * @param threshold of the mask
   * @param leastPixels smaller spots do not count
   */
  static double mass(float[] probabilities, int width, double threshold, int leastPixels) {
    double low = threshold / 4;
    boolean[] seen = new boolean[probabilities.length];
    int[] stack = new int[probabilities.length];
    double total = 0;
    for (int start = 0; start < probabilities.length; start++) {
      if (seen[start] || !(probabilities[start] > low)) {
        continue;
      }
      int top = 0;
      stack[top++] = start;
      seen[start] = true;
      int pixels = 0;
      double mass = 0;
      boolean faint = true;
      while (top > 0) {
        int i = stack[--top];
        pixels++;
        mass += probabilities[i];
        faint &= probabilities[i] <= threshold;
        int x = i % width;
        int[] neighbours = {x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width};
        for (int n : neighbours) {
          if (n >= 0 && n < probabilities.length && !seen[n] && probabilities[n] > low) {
            seen[n] = true;
            stack[top++] = n;
          }
        }
      }
      total += faint && pixels >= leastPixels ? mass : 0;
    }
    return total / probabilities.length;
  }
}
