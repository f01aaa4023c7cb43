/** Weights files: safetensors with metadata, checked before anything of them is used. */
package io.histoflow.segmentation.checkpoint;
