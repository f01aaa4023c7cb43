package io.histoflow.ihc;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.region.Regions;
import io.histoflow.ihc.stain.DabThreshold;
import io.histoflow.ihc.stain.StainChannel;
import io.histoflow.ihc.transform.Transform;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.Resampling;
import java.util.Locale;
import java.util.Optional;

/**
 * What a pair of H&amp;E and H-DAB images gave.
 *
 * @param dab where DAB counts as positive
 * @param agreement of two channels on where the pair lies, in pixels of the reduced images
 * @param transform from the H&amp;E's pixels to the IHC's, at full size
 * @param error of where a label lies, in pixels of the H&amp;E: what the channels differ by, and no
 *     less than what registration leaves on landmark pairs
 * @param quality 0..1: the correlation reached, by half less where the channels differ by all that
 *     is allowed
 * @param refusal one sentence; empty where there are labels
 * @param labels empty where the pair was refused
 */
public record Derivation(
    DabThreshold dab,
    Agreement agreement,
    Transform transform,
    double error,
    double quality,
    Optional<String> refusal,
    Optional<DerivedLabels> labels) {

  /** The shortest side that can be registered, in pixels. */
  public static final int LEAST_PIXELS = 256;

  /**
   * Derives labels.
   *
   * @param he the H&amp;E image
   * @param ihc the H-DAB image of a neighbouring section, at the same resolution
   * @throws IllegalArgumentException where either is smaller than {@value #LEAST_PIXELS} pixels
   */
  public static Derivation of(RgbImage he, RgbImage ihc, DerivationSettings settings) {
    int shortest = Math.min(Math.min(he.width(), he.height()), Math.min(ihc.width(), ihc.height()));
    if (shortest < LEAST_PIXELS) {
      throw new IllegalArgumentException(
          "a pair needs %d pixels a side to be registered, not %d"
              .formatted(LEAST_PIXELS, shortest));
    }
    Plane stained = StainChannel.DAB.of(ihc);
    DabThreshold dab = DabThreshold.of(stained);
    int longest = Math.max(Math.max(he.width(), he.height()), Math.max(ihc.width(), ihc.height()));
    double scale = Math.max(1, (double) longest / DerivationSettings.MOST_PIXELS);
    RgbImage small = reduced(he, scale);
    Agreement agreement = Agreement.of(small, reduced(ihc, scale), settings.registration());
    Transform transform = agreement.haematoxylin().transform().between(scale, scale);
    double floor = DerivationSettings.LEAST_ERROR * Math.hypot(he.width(), he.height());
    double error = Math.max(1, Math.max(floor, scale * agreement.error()));
    double trust = 1 - agreement.apart() / (2 * settings.tolerance());
    double quality =
        Math.max(0, agreement.haematoxylin().after()) * Math.max(0, Math.min(1, trust));
    Optional<String> refusal = agreement.doubt(settings).or(() -> emptiness(dab, settings));
    Optional<DerivedLabels> labels =
        refusal.isPresent()
            ? Optional.empty()
            : Optional.of(labels(he, stained, dab.value(), transform, error));
    return new Derivation(dab, agreement, transform, error, quality, refusal, labels);
  }

  private static Optional<String> emptiness(DabThreshold dab, DerivationSettings settings) {
    return dab.share() >= settings.leastShare()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%.2f %% of the IHC is stained with DAB, less than %.2f %%:"
                    + " there is nothing that labels could be taken from",
                100 * dab.share(),
                100 * settings.leastShare()));
  }

  private static DerivedLabels labels(
      RgbImage he, Plane stained, double threshold, Transform transform, double error) {
    int width = he.width();
    byte[] positive = new byte[width * he.height()];
    byte[] unseen = new byte[positive.length];
    for (int i = 0; i < positive.length; i++) {
      int row = i / width;
      double x = transform.x(i % width, row);
      double y = transform.y(i % width, row);
      if (stained.holds(x, y)) {
        positive[i] = (byte) (stained.at(x, y) > threshold ? 1 : 0);
      } else {
        unseen[i] = 1;
      }
    }
    Mask regions = Regions.of(Mask.of(width, he.height(), positive), error);
    byte[] uncertain = Regions.band(regions, error).values();
    for (int i = 0; i < unseen.length; i++) {
      unseen[i] |= uncertain[i];
    }
    return new DerivedLabels(regions, Mask.of(width, he.height(), unseen));
  }

  private static RgbImage reduced(RgbImage image, double scale) {
    return scale == 1
        ? image
        : Resampling.image(
            image,
            (int) Math.round(image.width() / scale),
            (int) Math.round(image.height() / scale));
  }
}
