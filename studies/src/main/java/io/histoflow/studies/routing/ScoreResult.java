package io.histoflow.studies.routing;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one score achieves.
 *
 * @param name under which it is published
 * @param millisPerTile median time that it takes
 * @param extraPasses of the network that it needs
 * @param tenth highest score that a tenth of all tiles reach: what routing may ask of the first
 *     tiles of an organ that nothing is known of yet
 * @param perOrgan tiles picked within each organ, then summed: what routing does
 * @param pooled tiles of all organs ranked together
 * @param organs each organ alone
 */
public record ScoreResult(
    String name,
    double millisPerTile,
    int extraPasses,
    double tenth,
    ScopeFigures perOrgan,
    ScopeFigures pooled,
    Map<String, ScopeFigures> organs) {

  public ScoreResult {
    organs = Collections.unmodifiableMap(new TreeMap<>(organs));
  }
}
