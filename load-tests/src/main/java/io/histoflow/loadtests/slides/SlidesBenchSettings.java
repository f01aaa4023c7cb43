package io.histoflow.loadtests.slides;

import io.histoflow.loadtests.measuring.Ranges;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@link SlidesBench} measures.
 *
 * @param slides files, at least one
 * @param rounds how often all take turns, after one that warms up, 1..100
 * @param seconds that each turn lasts at least, above 0; it reads whole slides
 * @param tileSize edge of a tile in level-0 pixels, 16..1536
 */
public record SlidesBenchSettings(List<Path> slides, int rounds, double seconds, int tileSize) {

  /** Checks the ranges. */
  public SlidesBenchSettings {
    slides = List.copyOf(slides);
    Ranges.require(!slides.isEmpty(), "Name one slide at least: there is nothing to read.");
    Ranges.require("rounds", rounds, 1, 100);
    Ranges.require(
        seconds > 0 && seconds <= 600,
        "seconds is " + seconds + " but must be above 0 and at most 600.");
    Ranges.require("tile size", tileSize, 16, 1536);
  }
}
