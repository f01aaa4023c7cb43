/** Every figure of speed in one run, and the page that shows them. */
package io.histoflow.loadtests.figures;
