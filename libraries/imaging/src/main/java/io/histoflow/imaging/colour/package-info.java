/**
 * Stains and colours of H&amp;E tiles: optical density, unmixing and mixing of stains,
 * normalisation and synthetic shifts. Plain pixels on the Java heap, no tensors.
 */
package io.histoflow.imaging.colour;
