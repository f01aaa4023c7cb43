/** Random changes of training crops: geometry, stain, brightness and sharpness. */
package io.histoflow.training.augmentation;
