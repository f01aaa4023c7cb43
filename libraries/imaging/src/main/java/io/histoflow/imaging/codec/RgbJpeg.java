package io.histoflow.imaging.codec;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Codec;

/** RGB images as baseline JPEG: lossy, about a tenth of a PNG's size. */
public final class RgbJpeg {

  private RgbJpeg() {}

  /**
   * Encodes an image as JPEG.
   *
   * @param image the image
   * @param quality 0..1 as ImageIO defines it; 0.9 shows no loss to the eye
   * @throws IllegalArgumentException where the quality lies outside 0..1
   */
  public static byte[] encode(RgbImage image, double quality) {
    if (!(quality >= 0 && quality <= 1)) {
      throw new IllegalArgumentException("JPEG quality must lie in 0..1, not " + quality);
    }
    return Codec.writeJpeg(image.toBufferedImage(), (float) quality);
  }
}
