package io.histoflow.studies.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;

/**
 * What a score achieves among one set of tiles.
 *
 * @param top10 when a tenth of the tiles is reviewed
 * @param top20 when a fifth is
 * @param rankCorrelation Spearman's, of the score with the tile's missed pixels; over several
 *     organs the mean, weighted by their tiles
 */
public record ScopeFigures(ReviewFigures top10, ReviewFigures top20, double rankCorrelation) {

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("top10", top10.toJson());
    json.set("top20", top20.toJson());
    FigureJson.put(json, "rankCorrelation", rankCorrelation);
    return json;
  }
}
