/** Mask thresholds with a promised recall. */
package io.histoflow.studies.calibration;
