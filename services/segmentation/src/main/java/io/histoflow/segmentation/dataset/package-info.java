/**
 * Images with masks to train and measure with: folders of real tissue in the two layouts that the
 * command line accepts, and synthetic tissue whose masks are exact.
 */
package io.histoflow.segmentation.dataset;
