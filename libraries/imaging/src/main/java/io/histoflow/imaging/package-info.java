/**
 * Images in memory as the pipeline sees them: RGB tiles, binary masks and grey maps, the grid of
 * tiles, and the limits on all that is decoded.
 *
 * <p>Pixel values are used as stored; no colour profile is applied: the network is trained on
 * stored values, and a tile must look the same to every consumer.
 */
package io.histoflow.imaging;
