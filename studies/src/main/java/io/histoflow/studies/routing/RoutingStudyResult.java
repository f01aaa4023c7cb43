package io.histoflow.studies.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Which routing score finds misses.
 *
 * @param tiles studied
 * @param images they were cut from
 * @param patients they come from
 * @param positivePixels in the truth
 * @param missedPixels of them outside the masks
 * @param inferenceMillisPerTile median time of one pass of the network
 * @param scores from the best to the worst by the gap closed at a fifth of each organ's tiles
 * @param curves share of misses against share of tiles reviewed, within each organ
 */
public record RoutingStudyResult(
    int tiles,
    int images,
    int patients,
    long positivePixels,
    long missedPixels,
    double inferenceMillisPerTile,
    List<ScoreResult> scores,
    ReviewCurves curves) {

  public RoutingStudyResult {
    scores = List.copyOf(scores);
  }

  /**
   * Returns the result of a score.
   *
   * @throws NoSuchElementException where it was not studied
   */
  public ScoreResult score(String name) {
    return scores.stream()
        .filter(score -> score.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("The study has no score '" + name + "'"));
  }

  /** Everything but the curves; an undefined figure is null. */
  public ObjectNode toJson() {
    ObjectNode json = FigureJson.ofRecord(this);
    json.remove("curves");
    return json;
  }
}
