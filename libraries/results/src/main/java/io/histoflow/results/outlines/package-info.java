/** Sets of pixels and the outlines around them, exact in both directions. */
package io.histoflow.results.outlines;
