package io.histoflow.imaging.resolution;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;

/**
 * The way from an image's own pixels to a model's and back.
 *
 * @param factor pixels of the model along one of the image's, above 0
 */
public record Rescaling(double factor) {

  /** The image's pixels are the model's. */
  public static final Rescaling NONE = new Rescaling(1);

  /** Refuses factors that are no number above 0. */
  public Rescaling {
    if (!(factor > 0 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("A factor is a number above 0, not " + factor);
    }
  }

  /** Tells whether everything stays as it is. */
  public boolean isNone() {
    return factor == 1;
  }

  /**
   * Returns how many of the model's pixels an edge is long.
   *
   * @param pixels of the image, 1 or more
   * @return 1 or more; more than an image can have is possible
   */
  public long length(int pixels) {
    return Math.max(1, Math.round(pixels * factor));
  }

  /** Returns the image in the model's pixels; itself where they are its own. */
  public RgbImage toModel(RgbImage image) {
    return isNone() ? image : Resampling.image(image, edge(image.width()), edge(image.height()));
  }

  /** Returns the mask in the model's pixels; itself where they are its own. */
  public Mask toModel(Mask mask) {
    return isNone() ? mask : Resampling.mask(mask, edge(mask.width()), edge(mask.height()));
  }

  /**
   * Returns probabilities in the image's own pixels; the same where they are the model's.
   *
   * @param probabilities of the image in the model's pixels
   * @param width of the image in its own pixels
   * @param height of the image in its own pixels
   */
  public float[] back(float[] probabilities, int width, int height) {
    return isNone()
        ? probabilities
        : Resampling.probabilities(probabilities, edge(width), edge(height), width, height);
  }

  /**
   * Returns a map in blocks of the image's own pixels; the same where they are the model's.
   *
   * @param map of the image, a value for each block of the model's pixels
   * @param width of the image in its own pixels
   * @param height of the image in its own pixels
   * @param block edge of a block in pixels, of the model's and of the image's own
   */
  public GreyImage back(GreyImage map, int width, int height, int block) {
    return isNone()
        ? map
        : Resampling.map(
            map,
            (width + block - 1) / block,
            (height + block - 1) / block,
            (double) edge(width) / width,
            (double) edge(height) / height);
  }

  private int edge(int pixels) {
    return Math.toIntExact(length(pixels));
  }
}
