package io.histoflow.ihc;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.registration.Registration;
import io.histoflow.ihc.registration.RegistrationSettings;
import io.histoflow.ihc.stain.StainChannel;
import io.histoflow.ihc.transform.Transform;
import io.histoflow.imaging.RgbImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A pair registered twice, each time on another channel. A high correlation proves nothing, for
 * wrong places reach one too; that two channels name the same place does not happen by chance.
 *
 * @param haematoxylin registered by it: this is the one that is used
 * @param density registered by all stains together
 * @param apart how far apart the channels put the pair, in pixels: of tiles the greater of right
 *     and down between their translations, of sections the median distance
 * @param error median distance between both transforms, in pixels
 */
public record Agreement(
    Registration haematoxylin, Registration density, double apart, double error) {

  private static final int GRID = 16;

  /** Registers a pair of no more than about 1,000 pixels a side by both channels. */
  public static Agreement of(RgbImage he, RgbImage ihc, RegistrationSettings settings) {
    Plane fixed = StainChannel.HAEMATOXYLIN_OF_HE.of(he);
    Plane moving = StainChannel.HAEMATOXYLIN_OF_IHC.of(ihc);
    Registration haematoxylin = Registration.of(fixed, moving, settings);
    Registration density =
        Registration.of(StainChannel.DENSITY.of(he), StainChannel.DENSITY.of(ihc), settings);
    double error = median(haematoxylin.transform(), density.transform(), he.width(), he.height());
    double apart =
        settings.turned()
            ? error
            : Math.max(
                Math.abs(haematoxylin.start().x0() - density.start().x0()),
                Math.abs(haematoxylin.start().y0() - density.start().y0()));
    return new Agreement(haematoxylin, density, apart, error);
  }

  /** Says in one sentence why the pair is not believed; empty where it is. */
  public Optional<String> doubt(DerivationSettings settings) {
    if (apart > settings.tolerance()) {
      return Optional.of(
          text(
              "haematoxylin and density put the pair %.0f pixels apart, more than %.0f:"
                  + " no place is certain",
              apart, settings.tolerance()));
    }
    int reach = settings.registration().reach();
    if (!settings.registration().turned() && atRim(haematoxylin, reach)) {
      return Optional.of(
          text("the best translation lies at the rim of the search, %d pixels away", reach));
    }
    double determinant = haematoxylin.affine().determinant();
    if (determinant < DerivationSettings.LEAST_DETERMINANT
        || determinant > DerivationSettings.MOST_DETERMINANT) {
      return Optional.of(
          text(
              "areas would have to change by a factor of %.2f, outside %.2f to %.2f",
              determinant,
              DerivationSettings.LEAST_DETERMINANT,
              DerivationSettings.MOST_DETERMINANT));
    }
    return Optional.empty();
  }

  private static boolean atRim(Registration registration, int reach) {
    return Math.max(Math.abs(registration.start().x0()), Math.abs(registration.start().y0()))
        >= reach;
  }

  private static double median(Transform one, Transform other, int width, int height) {
    double[] distances = new double[GRID * GRID];
    for (int i = 0; i < distances.length; i++) {
      int row = i / GRID;
      double x = (i % GRID + 0.5) * width / GRID;
      double y = (row + 0.5) * height / GRID;
      distances[i] = one.distance(other, x, y);
    }
    Arrays.sort(distances);
    return distances[distances.length / 2];
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
