package io.histoflow.finetuning;

import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;

/**
 * A model on the held-out corrections.
 *
 * @param images number of tiles
 * @param curve precision and recall over all their pixels
 */
record Measurement(int images, PrecisionRecallCurve curve) {}
