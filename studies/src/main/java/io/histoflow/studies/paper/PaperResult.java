package io.histoflow.studies.paper;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.MatchedComparison;

/**
 * What the paper's experiment gave here.
 *
 * @param trainingImages images that the network was trained on
 * @param poolImages images from which tiles were corrected
 * @param correctedTiles tiles that were corrected
 * @param before the trained network on the test images
 * @param after the same after the round
 */
record PaperResult(
    int trainingImages, int poolImages, int correctedTiles, Evaluation before, Evaluation after) {

  /** Recall on NuInsSeg as the paper reports it, before the round. */
  static final double PAPER_RECALL_BEFORE = 0.8803;

  /** Recall on NuInsSeg as the paper reports it, after the round. */
  static final double PAPER_RECALL_AFTER = 0.8983;

  /** Recall at the precision that the network had before the round, over all pixels. */
  MatchedComparison matched() {
    return MatchedComparison.of(
        before.overall().curve(), PaperStudy.THRESHOLD, after.overall().curve());
  }

  /** Returns the result as JSON. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("trainingImages", trainingImages);
    json.put("poolImages", poolImages);
    json.put("correctedTiles", correctedTiles);
    json.put("threshold", PaperStudy.THRESHOLD);
    json.set("before", before.toJson());
    json.set("after", after.toJson());
    json.set("matched", FigureJson.ofRecord(matched()));
    json.putObject("paper")
        .put("recallBefore", PAPER_RECALL_BEFORE)
        .put("recallAfter", PAPER_RECALL_AFTER);
    return json;
  }
}
