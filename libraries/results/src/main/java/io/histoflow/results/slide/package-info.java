/** The results of one slide, put together from its tiles. */
package io.histoflow.results.slide;
