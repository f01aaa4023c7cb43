/** What outlines from other tools change, at the desk of corrections. */
package io.histoflow.review.outlines;
