package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.tiff.TiffFile;
import io.histoflow.scanning.natives.Jpeg2000Process;
import io.histoflow.scanning.natives.NativeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A TIFF, BigTIFF or Aperio SVS, of which a few strips or tiles are in memory at a time. */
final class TiffImage implements SlideImage {

  private final Path path;
  private final TiffFile file;
  private final NativeProcess natives;
  private final List<Level> levels = new ArrayList<>();
  private final OptionalDouble micronsPerPixel;
  private final Optional<String> scanner;

  private TiffImage(Path path, TiffFile file, TiffTags tags, NativeProcess natives) {
    this.path = path;
    this.file = file;
    this.natives = natives;
    this.micronsPerPixel = tags.micronsPerPixel();
    this.scanner = tags.scanner();
    for (int level = 0; level < file.levels(); level++) {
      levels.add(new Level(file.width(level), file.height(level)));
    }
  }

  /**
   * Opens a file. A kind that cannot be decoded is refused here, before anything is published; a
   * damaged part of its pixels is not: that costs the regions that it lies in.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  static TiffImage open(Path path) throws ImageRejectedException {
    NativeProcess natives = new NativeProcess();
    TiffFile file = TiffFile.open(path, new Jpeg2000Process(natives));
    try {
      if (file.isJpeg2000()) {
        natives.requireJpeg2000();
      }
      return new TiffImage(path, file, TiffTags.of(file), natives);
    } catch (ImageRejectedException e) {
      file.close();
      natives.close();
      throw e.of(path);
    }
  }

  @Override
  public Reader reader() {
    return file.isJpeg2000() ? Reader.TIFF_JPEG_2000 : Reader.TIFF;
  }

  @Override
  public List<Level> levels() {
    return levels;
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
  public RgbImage region(int level, int x, int y, int w, int h) throws ImageRejectedException {
    try {
      return file.region(level, x, y, w, h);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public long partBytes(int level) {
    return file.segmentBytes(level);
  }

  @Override
  public Set<String> associatedImages() {
    return file.associatedImages();
  }

  @Override
  public RgbImage associatedImage(String name) throws ImageRejectedException {
    try {
      return file.associatedImage(name);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public void close() {
    file.close();
    natives.close();
  }
}
