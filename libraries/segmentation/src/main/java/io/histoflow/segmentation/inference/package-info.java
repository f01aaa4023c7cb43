/** Segmentation of tiles with a trained ClinSegNet. */
package io.histoflow.segmentation.inference;
