package io.histoflow.studies.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name);
    json.put("millisPerTile", millisPerTile);
    json.put("extraPasses", extraPasses);
    json.put("tenth", tenth);
    json.set("perOrgan", perOrgan.toJson());
    json.set("pooled", pooled.toJson());
    ObjectNode byOrgan = json.putObject("organs");
    organs.forEach((organ, figures) -> byOrgan.set(organ, figures.toJson()));
    return json;
  }
}
