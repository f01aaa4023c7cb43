package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;
import java.util.Objects;

/**
 * A tile to be segmented.
 *
 * @param image its pixels, of any size from 1x1
 * @param organ the organ as the scanner named it; one that the model does not know, or an empty
 *     name, is segmented as unknown
 */
public record SegmentationInput(RgbImage image, String organ) {

  /** Refuses nulls. */
  public SegmentationInput {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(organ, "organ");
  }
}
