package io.histoflow.scanning;

import io.histoflow.imaging.RgbImage;

/** A PNG or JPEG, decoded whole. Their resolution tags are made for screens and say nothing. */
record DecodedImage(RgbImage image) implements SlideImage {

  @Override
  public int width() {
    return image.width();
  }

  @Override
  public int height() {
    return image.height();
  }

  @Override
  public RgbImage region(int x, int y, int width, int height) {
    return image.crop(x, y, width, height);
  }

  @Override
  public void close() {}
}
