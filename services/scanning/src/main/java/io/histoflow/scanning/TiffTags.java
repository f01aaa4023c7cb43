package io.histoflow.scanning;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageMetadata;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tags of a TIFF say of the slide (TIFF 6.0; Aperio's and OME's descriptions). */
final class TiffTags {

  static final int COMPRESSION = 259;
  private static final int IMAGE_DESCRIPTION = 270;
  private static final int MAKE = 271;
  private static final int MODEL = 272;
  private static final int X_RESOLUTION = 282;
  private static final int RESOLUTION_UNIT = 296;

  private static final int INCH = 2;
  private static final int CENTIMETRE = 3;

  /** Between the finest objective (100x, 0.1) and the coarsest overview; else it is no scan. */
  private static final double FINEST = 0.05;

  private static final double COARSEST = 20;

  private static final Pattern APERIO_MPP = Pattern.compile("\\|\\s*MPP\\s*=\\s*([0-9.]{1,12})");
  private static final Pattern APERIO_SCANNER =
      Pattern.compile("\\|\\s*ScanScope ID\\s*=\\s*([^|]{1,64})");
  private static final Pattern OME_MPP =
      Pattern.compile("PhysicalSizeX=\"([0-9.]{1,12})\"(?![^>]*PhysicalSizeXUnit=\"(?!µm))");

  private final TIFFImageMetadata metadata;

  TiffTags(TIFFImageMetadata metadata) {
    this.metadata = metadata;
  }

  /**
   * Micrometres per pixel: what the scanner's description says, else the resolution tag; empty
   * where neither tells a figure between 0.05 and 20.
   */
  OptionalDouble micronsPerPixel() {
    String description = text(IMAGE_DESCRIPTION).orElse("");
    for (Pattern pattern : new Pattern[] {APERIO_MPP, OME_MPP}) {
      Matcher match = pattern.matcher(description);
      if (match.find()) {
        OptionalDouble value = plausible(parse(match.group(1)));
        if (value.isPresent()) {
          return value;
        }
      }
    }
    double perUnit = number(X_RESOLUTION);
    double microns =
        switch ((int) number(RESOLUTION_UNIT)) {
          case INCH -> 25_400;
          case CENTIMETRE -> 10_000;
          default -> Double.NaN;
        };
    return plausible(microns / perUnit);
  }

  /** The scanner: Aperio's id, else maker and model. */
  Optional<String> scanner() {
    Matcher aperio = APERIO_SCANNER.matcher(text(IMAGE_DESCRIPTION).orElse(""));
    if (aperio.find()) {
      return Optional.of(aperio.group(1).strip());
    }
    String name = (text(MAKE).orElse("") + " " + text(MODEL).orElse("")).strip();
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  /** TIFF's number of the compression; 1, none, where the tag is absent. */
  int compression() {
    double value = number(COMPRESSION);
    return Double.isNaN(value) ? 1 : (int) value;
  }

  private Optional<String> text(int tag) {
    Entry entry = metadata.getTIFFField(tag);
    return entry == null ? Optional.empty() : Optional.of(entry.getValueAsString());
  }

  private double number(int tag) {
    Entry entry = metadata.getTIFFField(tag);
    return entry != null && entry.getValue() instanceof Number value
        ? value.doubleValue()
        : Double.NaN;
  }

  private static OptionalDouble plausible(double microns) {
    return microns >= FINEST && microns <= COARSEST
        ? OptionalDouble.of(microns)
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
