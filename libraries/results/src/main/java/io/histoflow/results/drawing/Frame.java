package io.histoflow.results.drawing;

import io.histoflow.results.slide.SlideResults;

/**
 * What a file of outlines counts in: level-0 pixels from where QuPath shows the slide.
 *
 * @param downsample level-0 pixels along a pixel of the canvas
 * @param originX column of level 0 at which counting begins
 * @param originY row of level 0 at which counting begins
 */
record Frame(double downsample, int originX, int originY) {
  static Frame of(SlideResults slide) {
    return new Frame(slide.downsample(), slide.originX(), slide.originY());
  }

  /** Converts a coordinate of the file: the first (0) of a position or the second (1). */
  double toCanvas(double coordinate, int which) {
    return (coordinate + (which == 0 ? originX : originY)) / downsample;
  }
}
