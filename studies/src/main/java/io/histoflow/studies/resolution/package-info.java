/** What slides of other resolutions than the model's cost, and what resampling wins back. */
package io.histoflow.studies.resolution;
