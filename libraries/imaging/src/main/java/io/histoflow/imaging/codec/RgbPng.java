package io.histoflow.imaging.codec;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Codec;

/** RGB images as PNG: lossless. */
public final class RgbPng {

  private RgbPng() {}

  /** Encodes an image as PNG of 8 bits a channel, colour type 2. */
  public static byte[] encode(RgbImage image) {
    return Codec.writePng(image.toBufferedImage());
  }
}
