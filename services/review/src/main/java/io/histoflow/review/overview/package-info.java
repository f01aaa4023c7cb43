/** What a reviewer may want to know beside the queue: slides, thresholds and model versions. */
package io.histoflow.review.overview;
