/** Images brought from one resolution to another: the one place where pixels are resampled. */
package io.histoflow.imaging.resolution;
