package io.histoflow.datasets.synthetic;

import io.histoflow.datasets.LabelledTile;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Draws synthetic H&amp;E tissue with exact masks of its nuclei, so that everything runs where no
 * real data is at hand. Figures measured on it say nothing of real tissue.
 *
 * <p>Nuclei, glands, stroma and red blood cells are laid out as each organ has them, painted as
 * optical densities of haematoxylin and eosin, and mixed into colour by the Beer-Lambert law with a
 * stain that varies from image to image. A pixel is 0.25 micrometres wide (40x). The same seed,
 * organ, index and size give the same image. Safe for use by several threads.
 */
public final class SyntheticTissue {

  /** Edge of a pixel in micrometres. */
  public static final double MICRONS_PER_PIXEL = 0.25;

  private final long seed;

  /**
   * @param seed of everything that is drawn
   */
  public SyntheticTissue(long seed) {
    this.seed = seed;
  }

  /**
   * The organs that can be drawn, sorted; brain and liver are in no training set of the project.
   */
  public static List<String> organs() {
    return OrganStyle.organs();
  }

  /**
   * Draws one square tile.
   *
   * @param organ one of {@link #organs()}
   * @param index of the tile, any number
   * @param size edge in pixels, 1 or more
   * @throws IllegalArgumentException where the organ is not one of {@link #organs()}
   */
  public LabelledTile tile(String organ, int index, int size) {
    return image(organ, index, size, size);
  }

  /**
   * Draws one image of any size: the field of view of a small slide, of one stain throughout.
   *
   * @param organ one of {@link #organs()}
   * @param index of the image, any number
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @throws IllegalArgumentException where the organ is not one of {@link #organs()}
   */
  public LabelledTile image(String organ, int index, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A synthetic image needs at least 1 x 1 pixels, not " + width + " x " + height);
    }
    OrganStyle style = OrganStyle.of(organ);
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + organ.hashCode() * 1_000_003L + index);
    Noise noise = new Noise(random.split());
    StainMix stain = new StainMix(random.split());
    TissuePlan plan = new TissuePlan(style, width, height, noise, random.split());
    TissuePainter painter = new TissuePainter(style, plan, noise, width, height);
    return new LabelledTile(
        String.format(Locale.ROOT, "synthetic-%s-%04d", organ, index),
        organ,
        painter.image(stain, random.split()),
        painter.mask(),
        OptionalDouble.of(MICRONS_PER_PIXEL));
  }
}
