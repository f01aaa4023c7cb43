package io.histoflow.segmentation.study;

import io.histoflow.segmentation.colour.DensityChannel;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.evaluation.TileSegmenter;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.util.Locale;

/**
 * Misses that the network is sure about leave no doubt in its probabilities, but perhaps a trace in
 * the stain: tissue outside the mask that holds as much haematoxylin as tissue inside.
 */
enum StainEvidence implements StudiedScore {
  /** Share of all pixels outside the mask, but stained nearly as the mean pixel inside. */
  STAINED_OUTSIDE,

  /** The geometric mean of that and the positive entropy. */
  STAINED_DOUBT;

  /** Against single dark pixels: means over 7 x 7 pixels. */
  private static final int RADIUS = 3;

  private static final double NEARLY = 0.9;

  /**
   * Two thirds of what a tile's densest pixels hold; for tiles with next to no mask to compare
   * with.
   */
  private static final double USUAL_INSIDE = 128;

  private static final int FEWEST_INSIDE = 50;

  @Override
  public String publishedName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public int extraPasses() {
    return 0;
  }

  @Override
  public double of(LabelledTile tile, Segmentation segmentation, TileSegmenter segmenter) {
    double outside = outside(tile, segmentation);
    return switch (this) {
      case STAINED_OUTSIDE -> outside;
      case STAINED_DOUBT -> Math.sqrt(outside * segmentation.score(RoutingScore.POSITIVE_ENTROPY));
    };
  }

  private static double outside(LabelledTile tile, Segmentation segmentation) {
    byte[] stain = DensityChannel.HAEMATOXYLIN.of(tile.image().rgb());
    float[] p = segmentation.probabilities();
    double threshold = segmentation.threshold();
    long inside = 0;
    int pixels = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > threshold) {
        inside += stain[i] & 0xff;
        pixels++;
      }
    }
    double least = NEARLY * (pixels > FEWEST_INSIDE ? (double) inside / pixels : USUAL_INSIDE);
    BoxMean means = new BoxMean(stain, segmentation.width(), RADIUS);
    int stained = 0;
    for (int i = 0; i < p.length; i++) {
      stained += p[i] <= threshold && means.at(i) > least ? 1 : 0;
    }
    return (double) stained / p.length;
  }

  /** Means over squares, by a table of sums; at the edges over what is there. */
  private static final class BoxMean {
    private final int width;
    private final int height;
    private final int radius;
    private final long[] sums;

    BoxMean(byte[] values, int width, int radius) {
      this.width = width;
      this.height = values.length / width;
      this.radius = radius;
      sums = new long[(width + 1) * (height + 1)];
      for (int y = 0; y < height; y++) {
        long row = 0;
        for (int x = 0; x < width; x++) {
          row += values[y * width + x] & 0xff;
          sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
      }
    }

    double at(int i) {
      int left = Math.max(0, i % width - radius);
      int right = Math.min(width, i % width + radius + 1);
      int top = Math.max(0, i / width - radius);
      int bottom = Math.min(height, i / width + radius + 1);
      int w = width + 1;
      long sum =
          sums[bottom * w + right]
              - sums[top * w + right]
              - sums[bottom * w + left]
              + sums[top * w + left];
      return (double) sum / ((right - left) * (bottom - top));
    }
  }
}
