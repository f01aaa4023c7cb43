package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.dicom.DicomFile;
import io.histoflow.scanning.dicom.DicomHeader;
import io.histoflow.scanning.dicom.DicomSeries;
import io.histoflow.scanning.dicom.FrameEncoding;
import io.histoflow.scanning.natives.Jpeg2000Process;
import io.histoflow.scanning.natives.NativeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A DICOM slide: the file that was named, level 0, and of its folder the smaller levels and the
 * pictures of the same series.
 */
final class DicomImage implements SlideImage {

  private final Path path;
  private final NativeProcess natives = new NativeProcess();
  private final List<DicomLevel> levels = new ArrayList<>();
  private final Map<String, DicomLevel> associated = new LinkedHashMap<>();

  private DicomImage(Path path, DicomFile base) {
    this.path = path;
    add(base);
  }

  /**
   * Opens a file and what belongs to it.
   *
   * @throws ImageRejectedException where it cannot be read or is no level of a slide
   */
  static DicomImage open(Path path) throws ImageRejectedException {
    DicomFile base = DicomFile.open(path);
    DicomImage image = new DicomImage(path, base);
    try {
      image.check();
      for (DicomFile other : DicomSeries.beside(base)) {
        image.add(other);
      }
      image.levels.sort((a, b) -> Integer.compare(b.size().width(), a.size().width()));
      return image;
    } catch (ImageRejectedException | RuntimeException | Error e) {
      image.close();
      throw e;
    }
  }

  private void check() throws ImageRejectedException {
    DicomHeader header = levels.get(0).header();
    if (!header.flavour().equals(DicomSeries.LEVEL)) {
      throw new ImageRejectedException(
          path
              + ": it is the "
              + (header.flavour().matches("[A-Z_ ]{1,16}") ? header.flavour() : "picture")
              + " of a slide and not its pixels (image type VOLUME); name the largest file of the"
              + " series, or its folder");
    }
    if (header.encoding() == FrameEncoding.JPEG_2000) {
      try {
        natives.requireJpeg2000();
      } catch (ImageRejectedException e) {
        throw e.of(path);
      }
    }
  }

  private void add(DicomFile file) {
    DicomLevel level = new DicomLevel(file, new Jpeg2000Process(natives));
    String flavour = file.header().flavour();
    if (levels.isEmpty() || flavour.equals(DicomSeries.LEVEL)) {
      levels.add(level);
    } else if (associated.putIfAbsent(flavour.toLowerCase(Locale.ROOT), level) != null) {
      level.close();
    }
  }

  @Override
  public Reader reader() {
    return Reader.DICOM;
  }

  @Override
  public List<Level> levels() {
    return levels.stream().map(DicomLevel::size).toList();
  }

  @Override
  public OptionalDouble micronsPerPixel() {
    DicomHeader header = levels.get(0).header();
    return PixelSize.mean(header.micronsAcross(), header.micronsDown());
  }

  @Override
  public Optional<String> scanner() {
    String name = levels.get(0).header().scanner();
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  @Override
  public Optional<DicomIds> dicomIds() {
    DicomHeader header = levels.get(0).header();
    return DicomIds.of(header.instance(), header.series(), header.study());
  }

  @Override
  public RgbImage region(int level, int x, int y, int width, int height)
      throws ImageRejectedException {
    DicomLevel wanted = levels.get(level);
    for (DicomLevel other : levels) {
      if (other != wanted) {
        other.forget();
      }
    }
    try {
      return wanted.region(x, y, width, height);
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public long partBytes(int level) {
    return levels.get(level).frameBytes();
  }

  @Override
  public Set<String> associatedImages() {
    return Set.copyOf(associated.keySet());
  }

  @Override
  public RgbImage associatedImage(String name) throws ImageRejectedException {
    try {
      return associated.get(name).whole();
    } catch (ImageRejectedException e) {
      throw e.of(path);
    }
  }

  @Override
  public void close() {
    levels.forEach(DicomLevel::close);
    associated.values().forEach(DicomLevel::close);
    natives.close();
  }
}
