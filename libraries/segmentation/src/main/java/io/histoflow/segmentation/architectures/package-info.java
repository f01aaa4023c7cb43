/** The architectures that histoflow knows, by name. */
package io.histoflow.segmentation.architectures;
