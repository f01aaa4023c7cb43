package io.histoflow.studies.routing;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.util.List;
import java.util.Locale;

/**
 * How far the mask changes when the network sees the tile in another way (test-time augmentation;
 * Wang et al., Neurocomputing 338, 2019): the share of pixels that change sides, mean over views.
 */
enum Disagreement implements StudiedScore {
  /** Mirrored left to right, top to bottom, and both, which is half a turn. */
  FLIP_DISAGREEMENT,

  /** Stained paler and darker: optical densities times 0.85 and 1.18. */
  STAIN_DISAGREEMENT;

  @Override
  public String publishedName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public int extraPasses() {
    return views().size();
  }

  @Override
  public double of(LabelledTile tile, Segmentation segmentation, TileSegmenter segmenter) {
    int width = segmentation.width();
    int height = segmentation.height();
    float[] once = segmentation.probabilities();
    double threshold = segmentation.threshold();
    List<View> views = views();
    int changed = 0;
    for (View view : views) {
      float[] again = segmenter.probabilities(view.of(tile.image()), tile.organ());
      for (int i = 0; i < once.length; i++) {
        boolean before = once[i] > threshold;
        boolean after = again[view.moved(i, width, height)] > threshold;
        changed += before == after ? 0 : 1;
      }
    }
    return (double) changed / views.size() / once.length;
  }

  private List<View> views() {
    return switch (this) {
      case FLIP_DISAGREEMENT ->
          List.of(new View(true, false, 1), new View(false, true, 1), new View(true, true, 1));
      case STAIN_DISAGREEMENT ->
          List.of(new View(false, false, 0.85), new View(false, false, 1.18));
    };
  }

  /**
   * Another look at the same tissue.
   *
   * @param acrossX whether left and right change places
   * @param acrossY whether top and bottom change places
   * @param stain factor on the optical densities of all channels
   */
  private record View(boolean acrossX, boolean acrossY, double stain) {

    RgbImage of(RgbImage image) {
      byte[] tone = new byte[256];
      for (int v = 0; v < tone.length; v++) {
        tone[v] = (byte) Math.max(0, Math.round(256 * Math.pow((v + 1) / 256.0, stain) - 1));
      }
      byte[] from = image.rgb();
      byte[] to = new byte[from.length];
      for (int i = 0; i < from.length / 3; i++) {
        int j = moved(i, image.width(), image.height());
        for (int c = 0; c < 3; c++) {
          to[3 * j + c] = tone[from[3 * i + c] & 0xFF];
        }
      }
      return RgbImage.of(image.width(), image.height(), to);
    }

    int moved(int i, int width, int height) {
      int x = i % width;
      int y = i / width;
      return (acrossY ? height - 1 - y : y) * width + (acrossX ? width - 1 - x : x);
    }
  }
}
