package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.tiff.TiffHints;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Makers whose slides are more than an image in a TIFF: OpenSlide knows how to read them. */
enum SlideMaker {
  HAMAMATSU,
  LEICA,
  VENTANA,
  PHILIPS,
  TRESTLE,
  /** MIRAX, and Hamamatsu's older kinds: several files beside the one that is named. */
  IN_FILES;

  private static final Set<String> ENDINGS = Set.of("mrxs", "vms", "vmu");

  /**
   * Whose slide a TIFF is, by what stands in its first image.
   *
   * @return empty where it is to be read as a TIFF
   * @throws ImageRejectedException where it cannot be read
   */
  static Optional<SlideMaker> ofTiff(Path file) throws ImageRejectedException {
    TiffHints hints = TiffHints.of(file);
    if (hints.isHamamatsu()) {
      return Optional.of(HAMAMATSU);
    }
    if (hints.description().contains("http://www.leica-microsystems.com/scn/")) {
      return Optional.of(LEICA);
    }
    if (hints.xmp().contains("<iScan")) {
      return Optional.of(VENTANA);
    }
    if (hints.software().startsWith("Philips")) {
      return Optional.of(PHILIPS);
    }
    return hints.software().startsWith("MedScan") ? Optional.of(TRESTLE) : Optional.empty();
  }

  /** Whose slide a file is that is no TIFF, by its ending: its first bytes are others'. */
  static Optional<SlideMaker> ofName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))
        ? Optional.of(IN_FILES)
        : Optional.empty();
  }
}
