/**
 * Finds where each pixel of one section lies on its neighbour: translations and turns first, then
 * an affine transform from coarse to fine, then a smooth free-form deformation.
 */
package io.histoflow.ihc.registration;
