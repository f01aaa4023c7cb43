package io.histoflow.scanning;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.schemas.ImageFormat;

/** How the image of a tile is encoded on the topic. */
public enum TileEncoding {
  /** Lossless. */
  PNG,
  /** Lossy. */
  JPEG;

  byte[] encode(RgbImage image, double jpegQuality) {
    return this == PNG ? RgbPng.encode(image) : RgbJpeg.encode(image, jpegQuality);
  }

  ImageFormat format() {
    return this == PNG ? ImageFormat.PNG : ImageFormat.JPEG;
  }
}
