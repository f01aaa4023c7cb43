/** Slides and images as files have them: their sizes, their resolution, regions of their pixels. */
package io.histoflow.scanning.image;
