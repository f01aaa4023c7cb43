package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.tiff.TiffFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/** A TIFF, BigTIFF or Aperio SVS, of which a few strips or tiles are in memory at a time. */
final class TiffImage implements SlideImage {

  private final Path path;
  private final TiffFile file;
  private final OptionalDouble micronsPerPixel;
  private final Optional<String> scanner;

  private TiffImage(Path path, TiffFile file, TiffTags tags) {
    this.path = path;
    this.file = file;
    this.micronsPerPixel = tags.micronsPerPixel();
    this.scanner = tags.scanner();
  }

  /**
   * Opens a file. A kind that cannot be decoded is refused here, before anything is published; a
   * damaged part of its pixels is not: that costs the regions that it lies in.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  static TiffImage open(Path path) throws ImageRejectedException {
    TiffFile file = TiffFile.open(path);
    try {
      return new TiffImage(path, file, TiffTags.of(file));
    } catch (ImageRejectedException e) {
      file.close();
      throw e.of(path);
    }
  }

  @Override
  public int width() {
    return file.width();
  }

  @Override
  public int height() {
    return file.height();
  }

  @Override
  public OptionalDouble micronsPerPixel() {
    return micronsPerPixel;
  }

  @Override
  public Optional<String> scanner() {
    return scanner;
  }

  @Override
  public Optional<String> notice() {
    int others = file.imagesLeftOut();
    return others == 0
        ? Optional.empty()
        : Optional.of(
            "%s: only the largest image of the file is read, %d x %d pixels; %d more, which are no"
                    .formatted(path, width(), height(), others)
                + " smaller copies of it, are left out");
  }

  @Override
  public RgbImage region(int x, int y, int w, int h) throws ImageRejectedException {
    try {
      return file.region(x, y, w, h);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
