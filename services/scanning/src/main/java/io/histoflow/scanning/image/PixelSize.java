package io.histoflow.scanning.image;

import java.util.OptionalDouble;

/** What can be the size of a pixel, in micrometres. */
final class PixelSize {

  /** Between the finest objective (100x, 0.1) and the coarsest overview; else it is no scan. */
  private static final double FINEST = 0.05;

  private static final double COARSEST = 20;

  /** Pixels further from square are an error of the file; a little more than 2 for rounding. */
  private static final double MOST_UNEQUAL = 2.001;

  private PixelSize() {}

  /**
   * The geometric mean of both sides, so that areas are right; where one side only is told, pixels
   * are square.
   */
  static OptionalDouble mean(OptionalDouble x, OptionalDouble y) {
    if (x.isEmpty() || y.isEmpty()) {
      return plausible(x.orElse(y.orElse(Double.NaN)));
    }
    double a = x.getAsDouble();
    double b = y.getAsDouble();
    if (plausible(a).isEmpty()
        || plausible(b).isEmpty()
        || Math.max(a, b) > MOST_UNEQUAL * Math.min(a, b)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(a == b ? a : Math.sqrt(a * b));
  }

  /** Empty outside 0.05 to 20. */
  static OptionalDouble plausible(double microns) {
    return microns >= FINEST && microns <= COARSEST
        ? OptionalDouble.of(microns)
        : OptionalDouble.empty();
  }
}
