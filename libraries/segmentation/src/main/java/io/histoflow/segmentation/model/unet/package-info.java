/** U-Net and Attention U-Net. */
package io.histoflow.segmentation.model.unet;
