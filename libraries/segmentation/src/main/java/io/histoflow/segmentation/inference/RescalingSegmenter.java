package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.Rescaling;

/**
 * Segments images of any size in pixels of another resolution than the model's: resamples them to
 * the model's, and what the model says back to their own. Parts of which each stays small at the
 * model's resolution are done one after the other and blended, so that an image that grows
 * sixteenfold takes no more memory than one that does not.
 */
public final class RescalingSegmenter implements TileSegmenter {

  /** Longest edge in the model's pixels of what is resampled in one piece. */
  private static final int LARGEST_PART = 2 * BlendingSegmenter.LARGEST_TILE;

  private final TileSegmenter model;
  private final Rescaling scale;

  private RescalingSegmenter(TileSegmenter model, Rescaling scale) {
    this.model = model;
    this.scale = scale;
  }

  /**
   * Makes a segmenter of images of any size.
   *
   * @param tiles segments one tile in the model's pixels, as for {@link BlendingSegmenter#of}
   * @param scale the way from the images' pixels to the model's
   */
  public static TileSegmenter of(TileSegmenter tiles, Rescaling scale) {
    TileSegmenter model = BlendingSegmenter.of(tiles);
    if (scale.isNone()) {
      return model;
    }
    int overlap = (int) Math.ceil(BlendingSegmenter.OVERLAP / scale.factor());
    int largest = Math.max(overlap + 1, (int) (LARGEST_PART / scale.factor()));
    return new BlendingSegmenter(new RescalingSegmenter(model, scale), largest, overlap);
  }

  @Override
  public float[] probabilities(RgbImage image, String organ) {
    return scale.back(
        model.probabilities(scale.toModel(image), organ), image.width(), image.height());
  }
}
