/**
 * Nuclei segmentation with ClinSegNet: the network, its training, its inference and its measure.
 */
package io.histoflow.segmentation;
