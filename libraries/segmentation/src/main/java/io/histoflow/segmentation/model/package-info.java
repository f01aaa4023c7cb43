/** ClinSegNet: the network, its configuration and its weights (Bioengineering 2025, 12, 1156). */
package io.histoflow.segmentation.model;
