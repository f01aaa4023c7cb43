/** Mask thresholds, an organ's own or pooled, and the promise that they keep. */
package io.histoflow.segmentation.thresholds;
