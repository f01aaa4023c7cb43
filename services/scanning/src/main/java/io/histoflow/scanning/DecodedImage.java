package io.histoflow.scanning;

import io.histoflow.imaging.RgbImage;
import java.util.Optional;
import java.util.OptionalDouble;

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
  public OptionalDouble micronsPerPixel() {
    return OptionalDouble.empty();
  }

  @Override
  public Optional<String> scanner() {
    return Optional.empty();
  }

  @Override
  public RgbImage region(int x, int y, int width, int height) {
    return image.crop(x, y, width, height);
  }

  @Override
  public void close() {}
}
