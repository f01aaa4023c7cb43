package io.histoflow.evaluation.calibration;

import io.histoflow.datasets.OrganName;
import io.histoflow.evaluation.PrecisionRecallCurve;
import java.util.Objects;

/**
 * One image, or one corrected tile, that a calibration looks at.
 *
 * @param organ as the data name it; kept trimmed and in lower case
 * @param curve of the model on the image
 */
public record CalibrationUnit(String organ, PrecisionRecallCurve curve) {

  /** Normalises the organ. */
  public CalibrationUnit {
    organ = OrganName.of(organ);
    Objects.requireNonNull(curve, "curve");
  }

  /** Tells whether there is anything in it that can be missed. */
  boolean hasPositivePixels() {
    return curve.positivePixels() > 0;
  }
}
