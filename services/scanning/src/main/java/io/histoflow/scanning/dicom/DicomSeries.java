package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files of a folder belong to one slide: its levels, its label and its overview. */
public final class DicomSeries {

  /** The image type of a level. */
  public static final String LEVEL = "VOLUME";

  /** A slide has a dozen files; headers of more than this are not read to find them. */
  private static final int MOST_FILES = 1000;

  /** No dot but in front of a number; not hidden. */
  private static final Pattern NO_ENDING = Pattern.compile("[^.]+(\\.[0-9]+)*");

  private DicomSeries() {}

  /**
   * Opens the smaller levels of a slide and the pictures beside it.
   *
   * @param base an open file of the slide
   * @return open files of its folder, which the caller closes; empty where it names no series
   * @throws ImageRejectedException where the folder cannot be read
   */
  public static List<DicomFile> beside(DicomFile base) throws ImageRejectedException {
    String series = base.header().series();
    List<DicomFile> found = new ArrayList<>();
    if (series.isEmpty()) {
      return found;
    }
    for (Path path : files(base.path())) {
      if (path.getFileName().equals(base.path().getFileName())) {
        continue;
      }
      try {
        DicomFile other = DicomFile.open(path);
        DicomHeader header = other.header();
        boolean belongs =
            header.series().equals(series)
                && (!header.flavour().equals(LEVEL) || isSmaller(header, base.header()));
        if (belongs) {
          found.add(other);
        } else {
          other.close();
        }
      } catch (ImageRejectedException e) {
        // A copy that cannot be read costs its speed and no pixel.
      }
    }
    return found;
  }

  /**
   * Of files in one folder those that stand for a slide: the largest level of each series. Files
   * that cannot be read stay, so that the scan names them.
   *
   * @param files that are DICOM by name or first bytes
   * @return in the same order
   */
  public static List<Path> slides(List<Path> files) {
    Map<String, Path> largest = new LinkedHashMap<>();
    Map<String, Integer> widths = new LinkedHashMap<>();
    List<Path> slides = new ArrayList<>();
    List<Path> parts = new ArrayList<>();
    for (Path path : files) {
      try (DicomFile file = DicomFile.open(path)) {
        DicomHeader header = file.header();
        String series = header.series();
        if (series.isEmpty()) {
          continue;
        }
        parts.add(path);
        boolean level = header.flavour().equals(LEVEL);
        int width = level ? header.width() : 0;
        if (width > widths.getOrDefault(series, -1)) {
          widths.put(series, width);
          largest.put(series, path);
        }
      } catch (ImageRejectedException e) {
        // The scan opens it and says why.
      }
    }
    for (Path path : files) {
      if (!parts.contains(path) || largest.containsValue(path)) {
        slides.add(path);
      }
    }
    return slides;
  }

  /**
   * Whether a file of a folder is DICOM: by the ending of its name, or by its first bytes where the
   * name has none or is an identifier, as archives write them.
   */
  public static boolean isPart(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".dcm") || name.endsWith(".dicom")) {
      return true;
    }
    try {
      return NO_ENDING.matcher(name).matches()
          && Files.isRegularFile(file)
          && DicomFile.isOne(file);
    } catch (ImageRejectedException e) {
      return false;
    }
  }

  /** By the same factor along both sides but for rounding. */
  private static boolean isSmaller(DicomHeader level, DicomHeader base) {
    long w = level.width();
    long h = level.height();
    return w < base.width()
        && Math.abs(w * base.height() - h * base.width()) <= base.width() + base.height();
  }

  private static List<Path> files(Path base) throws ImageRejectedException {
    Path folder = base.toAbsolutePath().getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(DicomSeries::isPart).sorted().limit(MOST_FILES).toList();
    } catch (IOException e) {
      throw new ImageRejectedException(base + ": its folder cannot be read (" + e + ")", e);
    }
  }
}
