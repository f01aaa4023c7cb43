package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.MaskPng;

/**
 * A verdict with its image and mask, encoded. Immutable, if nobody changes the arrays it was given.
 */
final class EncodedCorrection implements TileSource {
  private final Correction correction;
  private final byte[] image;
  private final byte[] mask;

  /**
   * @param correction where it lies and what it says of itself
   * @param image the tile's image: PNG, JPEG or TIFF
   * @param mask the mask that the reviewer confirmed or drew, as PNG
   */
  EncodedCorrection(Correction correction, byte[] image, byte[] mask) {
    this.correction = correction;
    this.image = image;
    this.mask = mask;
  }

  /** Returns where it lies. */
  Correction correction() {
    return correction;
  }

  /** Returns the mask as PNG; not to be changed. */
  byte[] mask() {
    return mask;
  }

  /**
   * Decodes image and mask; more than the pixels that were announced is not decoded.
   *
   * @throws ImageRejectedException when one of them is damaged, of another size than announced, or
   *     more than memory holds
   */
  @Override
  public LabelledTile decode() throws ImageRejectedException {
    ImageLimits announced = announced(correction.width(), correction.height());
    try {
      RgbImage pixels = new ImageDecoder(announced).decode(image);
      requireSize("image", pixels.width(), pixels.height());
      Mask positive = MaskPng.decode(mask, announced);
      requireSize("mask", positive.width(), positive.height());
      return new LabelledTile(
          correction.tileId(), correction.organ(), pixels, positive, correction.micronsPerPixel());
    } catch (OutOfMemoryError e) {
      throw new ImageRejectedException("there is not enough memory to decode it", e);
    }
  }

  /** Returns bounds that let images of a size through and no larger ones. */
  static ImageLimits announced(int width, int height) {
    return new ImageLimits(width, height, (long) width * height, ImageLimits.forTiles().maxBytes());
  }

  private void requireSize(String what, int width, int height) throws ImageRejectedException {
    if (width != correction.width() || height != correction.height()) {
      throw new ImageRejectedException(
          "the correction says %d x %d pixels, but its %s has %d x %d"
              .formatted(correction.width(), correction.height(), what, width, height));
    }
  }
}
