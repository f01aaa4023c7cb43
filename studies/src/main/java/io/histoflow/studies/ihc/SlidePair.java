package io.histoflow.studies.ihc;

import io.histoflow.ihc.Agreement;
import io.histoflow.ihc.Derivation;
import io.histoflow.ihc.DerivationSettings;
import io.histoflow.ihc.transform.Transform;
import io.histoflow.ihc.transform.Warp;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.resolution.Resampling;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.scanning.image.SlideImage.Level;
import java.util.Optional;

/**
 * Two slides that are read by regions: registered as wholes in small, then region by region, each
 * with the IHC already turned onto it. In memory are both in small and one region of each.
 */
final class SlidePair {
  /** What a region's registration may need of the IHC around it, as a share of the region. */
  private static final double MARGIN = 0.1;

  private final SlideImage he;
  private final SlideImage ihc;
  private final Agreement agreement;
  private final Transform transform;

  /**
   * Registers the slides as wholes.
   *
   * @param settings of sections
   * @throws ImageRejectedException where a slide has no smaller copy that fits into memory, or
   *     cannot be read
   */
  SlidePair(SlideImage he, SlideImage ihc, DerivationSettings settings)
      throws ImageRejectedException {
    this.he = he;
    this.ihc = ihc;
    double longest =
        Math.max(Math.max(he.width(), he.height()), Math.max(ihc.width(), ihc.height()));
    double scale = Math.max(1, longest / DerivationSettings.MOST_PIXELS);
    double finer =
        he.micronsPerPixel().isPresent() && ihc.micronsPerPixel().isPresent()
            ? he.micronsPerPixel().getAsDouble() / ihc.micronsPerPixel().getAsDouble()
            : 1;
    RgbImage fixed = small(he, scale);
    RgbImage moving = small(ihc, scale * finer);
    agreement = Agreement.of(fixed, moving, settings.registration());
    transform = agreement.haematoxylin().transform().between(scale, scale * finer);
  }

  /** Says in one sentence why the slides as wholes are not believed to lie as was found. */
  Optional<String> doubt(DerivationSettings settings) {
    return agreement.doubt(settings).map(why -> "as whole slides, " + why);
  }

  /** The IHC as it lies on a region of the H&E; empty where it does not cover it. */
  Optional<RgbImage> ihcOn(TileGrid.Tile at) throws ImageRejectedException {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      double x = at.x() + (corner % 2 == 0 ? 0 : at.width());
      double y = at.y() + (corner < 2 ? 0 : at.height());
      left = Math.min(left, transform.x(x, y));
      right = Math.max(right, transform.x(x, y));
      top = Math.min(top, transform.y(x, y));
      bottom = Math.max(bottom, transform.y(x, y));
    }
    double margin = MARGIN * Math.max(at.width(), at.height());
    int x0 = (int) Math.floor(Math.max(0, left - margin));
    int y0 = (int) Math.floor(Math.max(0, top - margin));
    int x1 = (int) Math.ceil(Math.min(ihc.width(), right + margin));
    int y1 = (int) Math.ceil(Math.min(ihc.height(), bottom + margin));
    boolean covered = left >= 0 && top >= 0 && right < ihc.width() && bottom < ihc.height();
    if (!covered) {
      return Optional.empty();
    }
    ImageLimits.forFiles().checkSize(x1 - x0, y1 - y0);
    RgbImage part = ihc.region(x0, y0, x1 - x0, y1 - y0);
    return Optional.of(Warp.of(part, within(at, x0, y0), at.width(), at.height()));
  }

  /** From pixels of a region of the H&E to those of the part of the IHC that begins at a corner. */
  private Transform within(TileGrid.Tile at, int x0, int y0) {
    return new Transform() {
      @Override
      public double x(double x, double y) {
        return transform.x(x + at.x(), y + at.y()) - x0;
      }

      @Override
      public double y(double x, double y) {
        return transform.y(x + at.x(), y + at.y()) - y0;
      }
    };
  }

  /** The regions of the H&E, none smaller than can be registered. */
  TileGrid regions(int side) {
    return new TileGrid(he.width(), he.height(), Math.max(side, Derivation.LEAST_PIXELS), 0);
  }

  private static RgbImage small(SlideImage slide, double scale) throws ImageRejectedException {
    int width = (int) Math.round(slide.width() / scale);
    int height = (int) Math.round(slide.height() / scale);
    int level = 0;
    for (int i = 0; i < slide.levels().size(); i++) {
      Level each = slide.levels().get(i);
      level = each.width() >= width && each.height() >= height ? i : level;
    }
    Level nearest = slide.levels().get(level);
    ImageLimits.forFiles().checkSize(nearest.width(), nearest.height());
    RgbImage read = slide.region(level, 0, 0, nearest.width(), nearest.height());
    return Resampling.image(read, width, height);
  }
}
