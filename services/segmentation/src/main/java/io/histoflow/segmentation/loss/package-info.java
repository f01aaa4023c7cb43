/** What training minimises. */
package io.histoflow.segmentation.loss;
