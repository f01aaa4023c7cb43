package io.histoflow.studies.crossvalidation;

import io.histoflow.evaluation.PrecisionRecallCurve;
import java.util.Objects;

/**
 * One image of a cross-validation, segmented by the model that has not seen its patient.
 *
 * @param set name of its data set
 * @param fold that held it out, counted from 1
 * @param id of the image
 * @param organ of the image
 * @param patient of the image
 * @param curve with the network conditioned on the image's organ
 * @param asUnknown with the network conditioned on no organ
 */
public record HeldOutImage(
    String set,
    int fold,
    String id,
    String organ,
    String patient,
    PrecisionRecallCurve curve,
    PrecisionRecallCurve asUnknown) {

  /** Refuses nulls. */
  public HeldOutImage {
    Objects.requireNonNull(set, "set");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(organ, "organ");
    Objects.requireNonNull(patient, "patient");
    Objects.requireNonNull(curve, "curve");
    Objects.requireNonNull(asUnknown, "asUnknown");
  }
}
