/** Studies: how a choice in the system changes what it achieves, measured on known masks. */
package io.histoflow.segmentation.study;
