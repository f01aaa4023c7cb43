package io.histoflow.training.augmentation;

import io.histoflow.datasets.LabelledTile;
import java.util.SplittableRandom;

/** Draws augmented square crops: geometry first, then stain and brightness, then blur. */
public final class Augmentation {

  /** What a crop's mask holds where the tile's says nothing. */
  public static final byte UNCERTAIN = 2;

  private final AugmentationSettings settings;
  private final CropSampler sampler;
  private final StainJitter stain;
  private final GaussianBlur blur;

  /**
   * Makes an augmentation.
   *
   * @param size side of a crop in pixels
   */
  public Augmentation(AugmentationSettings settings, int size) {
    this.settings = settings;
    sampler = new CropSampler(size, settings);
    stain = new StainJitter(settings.stainJitter());
    blur = new GaussianBlur(size);
  }

  /**
   * Draws one crop of a tile; the same tile and random numbers give the same crop.
   *
   * @param rgb takes size x size interleaved RGB pixels
   * @param mask takes size x size values of 0 and 1, {@link #UNCERTAIN} where the tile's mask says
   *     nothing
   */
  public void draw(LabelledTile tile, SplittableRandom random, byte[] rgb, byte[] mask) {
    sampler.sample(tile, random, rgb, mask);
    stain.apply(rgb, random);
    boolean blurred = random.nextDouble() < settings.blurShare();
    double sigma = random.nextDouble() * settings.blurPixels();
    if (blurred) {
      blur.apply(rgb, sigma);
    }
  }
}
