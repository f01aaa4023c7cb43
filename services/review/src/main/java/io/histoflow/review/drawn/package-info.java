/** Outlines as corrections without a review service beside. */
package io.histoflow.review.drawn;
