/**
 * How well a model segments: counts of pixels, precision-recall curves, and the evaluation of whole
 * data sets.
 */
package io.histoflow.evaluation;
