package io.histoflow.studies.routing;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A candidate for the routing score. */
interface StudiedScore {

  /** The name it is, or would be, published under. */
  String publishedName();

  /** How often the network runs for it beside the segmentation itself. */
  int extraPasses();

  /**
   * Returns the score of a tile, the higher the sooner to review.
   *
   * @param tile of which only the image and the organ may be used
   * @param segmentation of the tile
   * @param segmenter the model that made it
   */
  double of(LabelledTile tile, Segmentation segmentation, TileSegmenter segmenter);

  /** Every score that needs no further pass through the network. */
  static List<StudiedScore> cheap() {
    List<StudiedScore> scores = new ArrayList<>();
    Arrays.stream(RoutingScore.values()).map(StudiedScore::of).forEach(scores::add);
    return scores;
  }

  /** Every score, also those that run the network again. */
  static List<StudiedScore> all() {
    List<StudiedScore> scores = new ArrayList<>(cheap());
    scores.addAll(Arrays.asList(Disagreement.values()));
    return scores;
  }

  private static StudiedScore of(RoutingScore score) {
    return new StudiedScore() {
      @Override
      public String publishedName() {
        return score.publishedName();
      }

      @Override
      public int extraPasses() {
        return 0;
      }

      @Override
      public double of(LabelledTile tile, Segmentation segmentation, TileSegmenter segmenter) {
        return segmentation.score(score, tile.image());
      }
    };
  }
}
