/** Outlines that people drew or mended in other tools, back onto the tiles of a slide. */
package io.histoflow.results.drawing;
