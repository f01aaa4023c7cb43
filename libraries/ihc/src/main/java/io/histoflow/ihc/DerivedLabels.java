package io.histoflow.ihc;

import io.histoflow.imaging.Mask;

/**
 * Labels of an H&amp;E image.
 *
 * @param mask the regions, (H, W)
 * @param uncertain what may belong to either side, of the same size: an edge's surroundings, and
 *     what the IHC does not show
 */
public record DerivedLabels(Mask mask, Mask uncertain) {

  /** Checks the sizes. */
  public DerivedLabels {
    if (mask.width() != uncertain.width() || mask.height() != uncertain.height()) {
      throw new IllegalArgumentException("both masks must be of the same size");
    }
  }
}
