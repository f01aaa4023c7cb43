/**
 * Mask thresholds with a guarantee on recall: conformal risk control of the false-negative rate,
 * pooled and by organ.
 */
package io.histoflow.evaluation.calibration;
