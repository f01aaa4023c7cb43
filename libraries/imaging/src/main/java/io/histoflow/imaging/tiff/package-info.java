/**
 * TIFF, BigTIFF and Aperio SVS, read region by region: which image of the file is meant, where its
 * strips or tiles lie, how they are decoded and turned.
 */
package io.histoflow.imaging.tiff;
