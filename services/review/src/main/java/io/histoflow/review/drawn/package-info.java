/** Outlines from other tools as corrections. */
package io.histoflow.review.drawn;
