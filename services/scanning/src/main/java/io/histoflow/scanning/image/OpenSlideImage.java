package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.natives.SlideProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** A slide of a maker whose format OpenSlide reads; glass that was not scanned is white. */
final class OpenSlideImage implements SlideImage {

  private static final int LONGEST_SIDE = 2_000_000;
  private static final long MOST_REGION = 64L << 20;

  private final Path path;
  private final SlideProcess process;
  private final SlideProcess.Description slide;
  private final List<Level> levels = new ArrayList<>();

  private OpenSlideImage(Path path, SlideProcess process) throws ImageRejectedException {
    this.path = path;
    this.process = process;
    this.slide = process.describe();
    for (SlideProcess.Size size : slide.levels()) {
      boolean possible =
          size.width() >= 1
              && size.height() >= 1
              && size.width() <= LONGEST_SIDE
              && size.height() <= LONGEST_SIDE
              && size.downsample() >= 1;
      if (!possible) {
        throw new ImageRejectedException(
            "it declares a level of %d x %d pixels, which is no slide"
                .formatted(size.width(), size.height()));
      }
      levels.add(new Level((int) size.width(), (int) size.height()));
    }
  }

  /**
   * Opens a slide.
   *
   * @throws ImageRejectedException where OpenSlide is not installed, or cannot read it
   */
  static OpenSlideImage open(Path path) throws ImageRejectedException {
    SlideProcess process = new SlideProcess(path);
    try {
      return new OpenSlideImage(path, process);
    } catch (ImageRejectedException e) {
      process.close();
      throw e.of(path);
    }
  }

  @Override
  public Reader reader() {
    return Reader.OPENSLIDE;
  }

  @Override
  public List<Level> levels() {
    return levels;
  }

  @Override
  public OptionalDouble micronsPerPixel() {
    return PixelSize.mean(number("openslide.mpp-x"), number("openslide.mpp-y"));
  }

  @Override
  public Origin origin() {
    return new Origin(bound("openslide.bounds-x"), bound("openslide.bounds-y"));
  }

  private int bound(String property) {
    double pixels = number(property).orElse(0);
    return pixels >= 0 && pixels <= Integer.MAX_VALUE ? (int) pixels : 0;
  }

  @Override
  public Optional<String> scanner() {
    Map<String, String> properties = slide.properties();
    return Optional.ofNullable(
        properties.getOrDefault("aperio.ScanScope ID", properties.get("openslide.vendor")));
  }

  @Override
  public RgbImage region(int level, int x, int y, int width, int height)
      throws ImageRejectedException {
    levels.get(level).requireInside(x, y, width, height);
    try {
      if ((long) width * height > MOST_REGION) {
        throw new ImageRejectedException("more than 64 megapixels of it are asked for at once");
      }
      double scale = slide.levels().get(level).downsample();
      return process.region(level, Math.round(x * scale), Math.round(y * scale), width, height);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public Set<String> associatedImages() {
    return new TreeSet<>(slide.pictures());
  }

  @Override
  public RgbImage associatedImage(String name) throws ImageRejectedException {
    try {
      return process.associated(name);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  private OptionalDouble number(String property) {
    try {
      String value = slide.properties().get(property);
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
