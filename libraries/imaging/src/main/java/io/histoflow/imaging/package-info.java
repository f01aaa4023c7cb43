/**
 * Images as the pipeline sees them: RGB tiles, binary masks and grey maps, decoded within bounds
 * from PNG, JPEG and TIFF and encoded as PNG or JPEG.
 *
 * <p>Pixel values are used as stored. Colour profiles and camera orientation are not applied: the
 * network is trained on stored values, and a tile must look the same to every consumer.
 */
package io.histoflow.imaging;
