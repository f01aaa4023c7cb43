package io.histoflow.scanning;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which pixels of the images are published.
 *
 * @param mpp micrometres per level-0 pixel of the images whose files do not say; above 0
 * @param levelMpp micrometres per pixel that are wanted, from which the level is chosen; empty for
 *     what the settings say
 * @param allTiles whether tiles of empty glass are published too
 * @param tissuePicture where to draw what was taken for tissue, as PNG; of one image only
 */
public record PixelChoice(
    OptionalDouble mpp, OptionalDouble levelMpp, boolean allTiles, Optional<Path> tissuePicture) {

  /** As the settings say, resolutions as the files say. */
  public static final PixelChoice DEFAULT =
      new PixelChoice(OptionalDouble.empty(), OptionalDouble.empty(), false, Optional.empty());

  /** As a file's own word: between the finest objective and the coarsest overview. */
  private static final double FINEST = 0.05;

  private static final double COARSEST = 20;

  public PixelChoice {
    check(mpp);
    check(levelMpp);
  }

  private static void check(OptionalDouble microns) {
    if (microns.isPresent()
        && !(microns.getAsDouble() >= FINEST && microns.getAsDouble() <= COARSEST)) {
      throw new ScanException(
          "Micrometres per pixel lie between %s and %s, not at %s: 0.25 at 40x, 0.5 at 20x."
              .formatted(FINEST, COARSEST, microns.getAsDouble()));
    }
  }
}
