package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.tiff.OmePixels;
import io.histoflow.imaging.tiff.TiffFile;
import io.histoflow.imaging.tiff.TiffTag;
import io.histoflow.schemas.TextRule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the fields of a TIFF say of the slide (TIFF 6.0; the descriptions of Aperio, OME and
 * ImageJ).
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param description tag 270, or empty
 * @param xResolution tag 282: pixels in a unit of length
 * @param yResolution tag 283
 * @param resolutionUnit tag 296: 1 none, 2 inch, 3 centimetre
 * @param make tag 271
 * @param model tag 272
 */
record TiffTags(
    int width,
    int height,
    String description,
    OptionalDouble xResolution,
    OptionalDouble yResolution,
    OptionalDouble resolutionUnit,
    Optional<String> make,
    Optional<String> model) {

  private static final int INCH = 2;
  private static final int CENTIMETRE = 3;

  private static final TextRule SCANNER = TextRule.name("scanner");

  private static final Pattern APERIO = Pattern.compile("\\|\\s*(MPP|ScanScope ID)\\s*=([^|]*)");

  /** ImageJ writes characters beyond ASCII as Java does. */
  private static final Pattern IMAGEJ_UNIT = Pattern.compile("(?m)^(unit|yunit)=(.*)$");

  private static final Map<String, Double> IMAGEJ_MICRONS =
      Map.ofEntries(
          Map.entry("um", 1.0),
          Map.entry("\u00B5m", 1.0),
          Map.entry("\u03BCm", 1.0),
          Map.entry("\\u00b5m", 1.0),
          Map.entry("\\u03bcm", 1.0),
          Map.entry("micron", 1.0),
          Map.entry("microns", 1.0),
          Map.entry("micrometer", 1.0),
          Map.entry("micrometre", 1.0),
          Map.entry("nm", 1e-3),
          Map.entry("mm", 1e3),
          Map.entry("cm", 1e4),
          Map.entry("inch", 25_400.0),
          Map.entry("in", 25_400.0));

  /** The fields of an open file. */
  static TiffTags of(TiffFile file) throws ImageRejectedException {
    return new TiffTags(
        file.width(),
        file.height(),
        file.description(),
        file.number(TiffTag.X_RESOLUTION),
        file.number(TiffTag.Y_RESOLUTION),
        file.number(TiffTag.RESOLUTION_UNIT),
        file.text(TiffTag.MAKE),
        file.text(TiffTag.MODEL));
  }

  /**
   * Micrometres per pixel: what the scanner's description says, else the resolution tags. Of pixels
   * that are not square the geometric mean, so that areas are right. Empty where nothing tells, the
   * unit is not known, a figure lies outside 0.05 to 20 or the sides differ by more than a factor
   * of 2. A magnification says nothing of the pixels of the camera and is not used.
   */
  OptionalDouble micronsPerPixel() {
    Optional<String> aperio = aperio("MPP");
    if (aperio.isPresent()) {
      return PixelSize.plausible(parse(aperio.get().replace(',', '.')));
    }
    Optional<OmePixels> ome = ome();
    if (ome.isPresent() && ome.get().saysPixelSize()) {
      return PixelSize.mean(ome.get().micronsPerPixelX(), ome.get().micronsPerPixelY());
    }
    double unit = micronsOfUnit();
    return PixelSize.mean(inMicrons(unit, xResolution), inMicrons(unit, yResolution));
  }

  /** The scanner: Aperio's id, else maker and model; empty where that is no name on the topics. */
  Optional<String> scanner() {
    String name =
        aperio("ScanScope ID").orElseGet(() -> make.orElse("") + " " + model.orElse("")).strip();
    return SCANNER.fault(name).isEmpty() ? Optional.of(name) : Optional.empty();
  }

  private Optional<String> aperio(String key) {
    Matcher match = APERIO.matcher(description);
    while (match.find()) {
      if (match.group(1).equals(key)) {
        return Optional.of(match.group(2).strip());
      }
    }
    return Optional.empty();
  }

  /** Of the image itself, or of the only one, where it does not say how large that is. */
  private Optional<OmePixels> ome() {
    List<OmePixels> all = OmePixels.of(description);
    for (OmePixels pixels : all) {
      boolean same = pixels.width() == width && pixels.height() == height;
      boolean turned = pixels.width() == height && pixels.height() == width;
      if (same || turned) {
        return Optional.of(pixels);
      }
    }
    boolean only = all.size() == 1 && (all.get(0).width() == 0 || all.get(0).height() == 0);
    return only ? Optional.of(all.get(0)) : Optional.empty();
  }

  private double micronsOfUnit() {
    if (description.startsWith("ImageJ=")) {
      Optional<String> unit = imageJ("unit");
      Optional<String> other = imageJ("yunit");
      if (unit.isPresent()) {
        boolean one = other.isEmpty() || other.equals(unit);
        return one ? IMAGEJ_MICRONS.getOrDefault(unit.get(), Double.NaN) : Double.NaN;
      }
    }
    // Absent, it is inch by the standard.
    return switch ((int) resolutionUnit.orElse(INCH)) {
      case INCH -> 25_400;
      case CENTIMETRE -> 10_000;
      default -> Double.NaN;
    };
  }

  private Optional<String> imageJ(String key) {
    Matcher match = IMAGEJ_UNIT.matcher(description);
    while (match.find()) {
      if (match.group(1).equals(key)) {
        return Optional.of(match.group(2).strip().toLowerCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }

  private static OptionalDouble inMicrons(double unit, OptionalDouble pixelsInIt) {
    return pixelsInIt.isPresent()
        ? OptionalDouble.of(unit / pixelsInIt.getAsDouble())
        : OptionalDouble.empty();
  }

  private static double parse(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
