/** What benchmarks share: tiles, lanes, clocks and the command around each. */
package io.histoflow.loadtests.measuring;
