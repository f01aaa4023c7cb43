package io.histoflow.review.outlines;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.results.drawing.Drawing;
import io.histoflow.results.drawing.Refusal;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of the tiles that outlines change.
 *
 * @param corrected tiles with a correction now
 * @param alertsClosed how many of these were in review
 * @param opinions tiles that had a verdict, on which a second opinion was published
 * @param refusals of the others, each with its tile and reason, a sentence
 */
public record DrawnSummary(
    long corrected, long alertsClosed, long opinions, List<String> refusals) {
  public DrawnSummary {
    refusals = List.copyOf(refusals);
  }

  /** Counts the tiles that outlines would change, and publishes nothing. */
  public static DrawnSummary ofDryRun(Drawing drawing) {
    long tiles = 0;
    for (var unused : drawing.edits()) {
      tiles++;
    }
    return new DrawnSummary(tiles, 0, 0, List.of());
  }

  /** Returns what was refused, outlines and then tiles, a sentence each. */
  public List<String> refusals(Drawing drawing) {
    return Stream.concat(drawing.refusals().stream().map(Refusal::sentence), refusals.stream())
        .toList();
  }

  /** Returns what became of each outline and tile, as the command line and the API write it. */
  public ObjectNode toJson(String slideId, Drawing drawing) {
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("slideId", slideId)
            .put("outlines", drawing.outlines())
            .put("unchanged", drawing.unchanged())
            .put("mended", drawing.mended())
            .put("drawn", drawing.drawn())
            .put("removed", drawing.removed())
            .put("missing", drawing.missing())
            .put("refused", drawing.refused())
            .put("tilesCorrected", corrected)
            .put("alertsClosed", alertsClosed)
            .put("secondOpinions", opinions)
            .put("tilesRefused", refusals.size());
    ArrayNode list = result.putArray("refusals");
    refusals(drawing).forEach(list::add);
    return result;
  }
}
