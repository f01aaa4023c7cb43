package io.histoflow.imaging.resolution;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The resolution that a model learned at, and what it asks of images at others: they are resampled
 * where they differ by more than {@link #TOLERANCE}, and refused where it is beyond {@link #MOST}
 * times finer or coarser. An image whose resolution is not known is taken as the model's; so is
 * every image where the model's is not known.
 *
 * @param micronsPerPixel micrometres per pixel, above 0; empty where nobody said so
 */
public record ModelResolution(OptionalDouble micronsPerPixel) {

  /** A model of which nobody knows it. */
  public static final ModelResolution UNKNOWN = new ModelResolution(OptionalDouble.empty());

  /**
   * Share by which an image's resolution may differ and is left alone: scanners of one nominal
   * magnification differ by about as much, networks learn from crops enlarged and reduced by more,
   * and each resampling blurs a little.
   */
  public static final double TOLERANCE = 0.05;

  /**
   * How many times finer or coarser an image may be, give or take the tolerance. A nucleus at a
   * fourth of the resolution is 6 pixels wide; beyond there is nothing left to outline.
   */
  public static final double MOST = 4;

  /**
   * Micrometres per pixel that any image may have, whichever the model: a quarter of the finest
   * scanners' to four times the coarsest overview's. What lies outside is another unit or a typing
   * error, and areas made of it would be as wrong.
   */
  public static final double FINEST = 0.05 / 4;

  /** As {@link #FINEST}. */
  public static final double COARSEST = 20 * 4;

  /**
   * Says why images of a resolution cannot be segmented.
   *
   * @param image micrometres per pixel; empty where not known
   * @return half a sentence, of the image; empty where they can
   */
  public Optional<String> fault(OptionalDouble image) {
    if (image.isEmpty()) {
      return Optional.empty();
    }
    double microns = image.getAsDouble();
    if (!(microns >= FINEST && microns <= COARSEST)) {
      return Optional.of(
          ("it has %s micrometres per pixel; that must be %s to %s,"
                  + " or absent where the resolution is not known")
              .formatted(microns, FINEST, COARSEST));
    }
    double factor = factor(microns);
    double most = MOST * (1 + TOLERANCE);
    return factor <= most && factor >= 1 / most
        ? Optional.empty()
        : Optional.of(
            ("it has %s micrometres per pixel, too far from the %s that the model learned at:"
                    + " %s to %s can be segmented")
                .formatted(
                    microns,
                    micronsPerPixel.getAsDouble(),
                    micronsPerPixel.getAsDouble() / MOST,
                    micronsPerPixel.getAsDouble() * MOST));
  }

  /**
   * Returns the way from an image's pixels to the model's.
   *
   * @param image micrometres per pixel; empty where not known
   * @throws IllegalArgumentException where there is a {@link #fault}
   */
  public Rescaling of(OptionalDouble image) {
    fault(image)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("The image cannot be segmented: " + why + ".");
            });
    double factor = image.isPresent() ? factor(image.getAsDouble()) : 1;
    boolean near = factor <= 1 + TOLERANCE && factor >= 1 / (1 + TOLERANCE);
    return near ? Rescaling.NONE : new Rescaling(factor);
  }

  /**
   * Says in a sentence what is done with images of a resolution in range.
   *
   * @param image micrometres per pixel; empty where not known
   */
  public String describe(OptionalDouble image) {
    if (image.isEmpty()) {
      return micronsPerPixel.isPresent()
          ? "Resolution not known: taken as the model's %s µm/px."
              .formatted(micronsPerPixel.getAsDouble())
          : "Resolution not known, neither the images' nor the model's.";
    }
    String own = "Resolution %s µm/px, ".formatted(image.getAsDouble());
    if (micronsPerPixel.isEmpty()) {
      return own + "left as it is: the model does not say at which it learned.";
    }
    return own
        + (of(image).isNone()
                ? "left as it is: the model learned at %s."
                : "resampled to the model's %s.")
            .formatted(micronsPerPixel.getAsDouble());
  }

  private double factor(double microns) {
    return micronsPerPixel.isPresent() ? microns / micronsPerPixel.getAsDouble() : 1;
  }
}
