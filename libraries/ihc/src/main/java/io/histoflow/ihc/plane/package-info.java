/** Images of one real value a pixel, and making them smoother and smaller. */
package io.histoflow.ihc.plane;
