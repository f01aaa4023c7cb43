package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import java.nio.file.Path;
import java.util.List;

/** A PNG or JPEG, decoded whole. Their resolution tags are made for screens and say nothing. */
record DecodedImage(RgbImage image) implements SlideImage {

  /** Decodes a file. */
  static DecodedImage open(Path file) throws ImageRejectedException {
    return new DecodedImage(new ImageDecoder(ImageLimits.forFiles()).decode(file));
  }

  @Override
  public List<Level> levels() {
    return List.of(new Level(image.width(), image.height()));
  }

  @Override
  public RgbImage region(int level, int x, int y, int width, int height) {
    return image.crop(x, y, width, height);
  }

  @Override
  public void close() {}
}
