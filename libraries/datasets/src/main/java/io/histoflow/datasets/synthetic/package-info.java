/** Synthetic tissue: drawn tiles with the masks that they were drawn from. */
package io.histoflow.datasets.synthetic;
