package io.histoflow.studies.crossvalidation;

import io.histoflow.evaluation.PairedDifference;

/**
 * What knowing the organ is worth: figures with the image's own organ less those as unknown, on
 * held-out images and at the same threshold.
 *
 * @param recall above 0 where the organ helps to find more
 * @param dice above 0 where the organ helps
 * @param averagePrecision above 0 where the organ helps at any threshold
 */
public record ConditioningEffect(
    PairedDifference recall, PairedDifference dice, PairedDifference averagePrecision) {}
