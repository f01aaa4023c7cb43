/** Plots as PNG, and the colours in them. */
package io.histoflow.plots;
