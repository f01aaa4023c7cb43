/** Which tiles hold tissue, told from their pixels without the network. */
package io.histoflow.imaging.tissue;
