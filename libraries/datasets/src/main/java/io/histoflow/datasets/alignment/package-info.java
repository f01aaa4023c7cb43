/**
 * Where masks lie against the stain of their images, in fractions of a pixel: annotations and their
 * rasterisations are often half a pixel off, which a network cannot learn and a measure counts.
 */
package io.histoflow.datasets.alignment;
