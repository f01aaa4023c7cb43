package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** Reads images that must be PNG because they hold measured values. */
final class PngOnly {

  private PngOnly() {}

  static BufferedImage read(byte[] png, ImageLimits limits) throws ImageRejectedException {
    limits.checkBytes(png.length);
    if (ImageFileFormat.sniff(png).orElse(null) != ImageFileFormat.PNG) {
      throw new ImageRejectedException(
          "the image is not a PNG; its first bytes look like " + ImageFileFormat.describe(png));
    }
    try {
      return Codec.readPng(PngStructure.essentials(png, limits));
    } catch (IOException | RuntimeException e) {
      // Codecs answer damaged input with exceptions of every kind.
      throw ImageRejectedException.damaged("the PNG", e);
    }
  }

  static RgbImage decode(byte[] png, ImageLimits limits) throws ImageRejectedException {
    BufferedImage image = read(png, limits);
    return RgbImage.of(image.getWidth(), image.getHeight(), RgbPixels.consume(image));
  }
}
