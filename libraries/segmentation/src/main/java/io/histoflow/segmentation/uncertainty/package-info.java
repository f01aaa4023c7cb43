/**
 * How unsure the network is of a tile, and which tiles a pathologist should therefore see: scores
 * that need nothing but the probabilities.
 */
package io.histoflow.segmentation.uncertainty;
