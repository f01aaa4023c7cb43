package io.histoflow.studies.routing;

import java.util.List;

/**
 * What a routing study keeps of one tile.
 *
 * @param model which of the study's models segmented it
 * @param organ of the tile
 * @param patient whom it comes from
 * @param image that it was cut from
 * @param positivePixels in the truth
 * @param missedPixels of them outside the mask
 * @param scores in the order of the study's scores
 */
record StudiedTile(
    int model,
    String organ,
    String patient,
    String image,
    long positivePixels,
    long missedPixels,
    List<Double> scores) {

  StudiedTile {
    scores = List.copyOf(scores);
    if (missedPixels < 0 || missedPixels > positivePixels) {
      throw new IllegalArgumentException(
          "Of %d positive pixels %d cannot be missed".formatted(positivePixels, missedPixels));
    }
  }
}
