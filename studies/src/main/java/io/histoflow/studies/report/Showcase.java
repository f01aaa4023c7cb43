package io.histoflow.studies.report;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.TileGrid.Tile;
import io.histoflow.segmentation.inference.Segmentation;

/**
 * One image that a report shows, cut to where it misses most.
 *
 * @param reason why this image, for people: 'worst recall'
 * @param result figures of the whole image
 * @param window where the cut lies in the image, pixels
 * @param tile image and truth inside the window
 * @param segmentation what the model says inside the window
 */
public record Showcase(
    String reason, ImageResult result, Tile window, LabelledTile tile, Segmentation segmentation) {

  /** Largest side of what is shown, pixels. */
  static final int LARGEST_SIDE = 384;

  private static final int STEP = 16;

  /**
   * Cuts an image.
   *
   * @param image the whole image
   * @param probabilities of the whole image, (H, W), 0..1
   */
  public static Showcase of(
      String reason, ImageResult result, LabelledTile image, float[] probabilities) {
    int width = image.image().width();
    int height = image.image().height();
    Segmentation whole =
        new Segmentation(width, height, probabilities, result.threshold(), image.organ());
    Tile window = mostMissed(whole.mask(), image.mask());
    float[] inside = new float[window.width() * window.height()];
    for (int y = 0; y < window.height(); y++) {
      System.arraycopy(
          probabilities,
          (window.y() + y) * width + window.x(),
          inside,
          y * window.width(),
          window.width());
    }
    return new Showcase(
        reason,
        result,
        window,
        image.crop(window.x(), window.y(), window.width(), window.height()),
        new Segmentation(
            window.width(), window.height(), inside, result.threshold(), image.organ()));
  }

  /** The first of the windows with most missed pixels, in steps of 16 pixels. */
  private static Tile mostMissed(Mask predicted, Mask truth) {
    int width = truth.width();
    int height = truth.height();
    long[][] sums = new long[height + 1][width + 1];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean missed = truth.at(x, y) && !predicted.at(x, y);
        sums[y + 1][x + 1] = sums[y][x + 1] + sums[y + 1][x] - sums[y][x] + (missed ? 1 : 0);
      }
    }
    Tile best = null;
    long most = -1;
    for (Tile tile : new TileGrid(width, height, LARGEST_SIDE, LARGEST_SIDE - STEP).tiles()) {
      int right = tile.x() + tile.width();
      int bottom = tile.y() + tile.height();
      long missed =
          sums[bottom][right]
              - sums[tile.y()][right]
              - sums[bottom][tile.x()]
              + sums[tile.y()][tile.x()];
      if (missed > most) {
        most = missed;
        best = tile;
      }
    }
    return best;
  }
}
