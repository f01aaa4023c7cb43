/**
 * What a reviewer may want to know beside the queue: slides, thresholds, model versions, drift and
 * what was held back.
 */
package io.histoflow.review.overview;
