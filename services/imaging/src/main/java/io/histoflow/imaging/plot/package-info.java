/** How every plot of the project looks and is written: the home of the chart library's set-up. */
package io.histoflow.imaging.plot;
