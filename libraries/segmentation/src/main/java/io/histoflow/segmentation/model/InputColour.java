package io.histoflow.segmentation.model;

import io.histoflow.imaging.colour.DensityChannel;
import io.histoflow.imaging.colour.StainNormaliser;

/**
 * How a tile's RGB pixels become the network's input channels; part of a checkpoint.
 *
 * <p>Each turns one tile's interleaved bytes into interleaved bytes of as many channels as it has.
 */
public enum InputColour {
  /** Red, green and blue as they are. */
  RGB(3),

  /** One channel of optical density without any hue; see {@link DensityChannel#GREY}. */
  SUPPRESSED(1),

  /** Red, green and blue after {@link StainNormaliser}. */
  NORMALISED(3),

  /** One channel, the amount of haematoxylin; see {@link DensityChannel#HAEMATOXYLIN}. */
  HAEMATOXYLIN(1);

  /**
   * What a network is trained with unless somebody says otherwise: in the study of colour it had
   * the highest average precision, and under shifts of stain and light it lost the least Dice.
   */
  public static final InputColour DEFAULT = HAEMATOXYLIN;

  private final int channels;

  InputColour(int channels) {
    this.channels = channels;
  }

  /** Returns the number of input channels. */
  public int channels() {
    return channels;
  }

  /**
   * Converts one tile.
   *
   * @param rgb interleaved RGB pixels, not changed
   * @return as many values a pixel as there are channels, interleaved, 0..255 as unsigned bytes
   */
  public byte[] of(byte[] rgb) {
    return switch (this) {
      case RGB -> rgb;
      case SUPPRESSED -> DensityChannel.GREY.of(rgb);
      case NORMALISED -> StainNormaliser.normalise(rgb);
      case HAEMATOXYLIN -> DensityChannel.HAEMATOXYLIN.of(rgb);
    };
  }
}
