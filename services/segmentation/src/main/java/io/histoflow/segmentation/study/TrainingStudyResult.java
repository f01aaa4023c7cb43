package io.histoflow.segmentation.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.evaluation.FigureJson;
import io.histoflow.segmentation.evaluation.Spread;
import io.histoflow.segmentation.evaluation.Summary;
import java.util.List;

/**
 * What a study that trains found.
 *
 * @param name of the study
 * @param data names of the data sets
 * @param trainingImages images that were trained on
 * @param heldOutImages images of other patients that were measured
 * @param width channels of the first stage
 * @param steps of each training
 * @param seeds trainings of each variant
 * @param rows one a variant, in the study's order
 */
public record TrainingStudyResult(
    String name,
    String data,
    int trainingImages,
    int heldOutImages,
    int width,
    int steps,
    int seeds,
    List<Row> rows) {

  /** Copies the list. */
  public TrainingStudyResult {
    rows = List.copyOf(rows);
  }

  /**
   * One variant. Each figure is the mean over the held-out images at threshold 0.5, spread over the
   * seeds; average precision is over all pixels.
   *
   * @param name of the variant
   * @param parameters of its network in training, the edge head's included
   * @param recall spread over the seeds
   * @param precision spread over the seeds
   * @param dice spread over the seeds
   * @param iou spread over the seeds
   * @param averagePrecision spread over the seeds
   * @param paper what the paper reports of it
   */
  public record Row(
      String name,
      long parameters,
      Spread recall,
      Spread precision,
      Spread dice,
      Spread iou,
      Spread averagePrecision,
      PaperFigures paper) {

    /** Sums up the trainings of a variant. */
    static Row of(TrainingVariant variant, long parameters, List<Summary> bySeed) {
      return new Row(
          variant.name(),
          parameters,
          Spread.of(bySeed, summary -> summary.recall().mean()),
          Spread.of(bySeed, summary -> summary.precision().mean()),
          Spread.of(bySeed, summary -> summary.dice().mean()),
          Spread.of(bySeed, summary -> summary.iou().mean()),
          Spread.of(bySeed, summary -> summary.curve().averagePrecision()),
          variant.paper());
    }
  }

  /** Returns the result as JSON; a figure that is undefined or not at hand is null. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("study", name);
    json.put("data", data);
    json.put("trainingImages", trainingImages);
    json.put("heldOutImages", heldOutImages);
    json.put("width", width);
    json.put("steps", steps);
    json.put("seeds", seeds);
    ArrayNode array = json.putArray("rows");
    for (Row row : rows) {
      ObjectNode node = array.addObject();
      node.put("name", row.name());
      node.put("parametersMillions", row.parameters() / 1e6);
      node.set("recall", FigureJson.of(row.recall()));
      node.set("precision", FigureJson.of(row.precision()));
      node.set("dice", FigureJson.of(row.dice()));
      node.set("iou", FigureJson.of(row.iou()));
      node.set("averagePrecision", FigureJson.of(row.averagePrecision()));
      ObjectNode paper = node.putObject("paper");
      FigureJson.put(paper, "recall", row.paper().recall());
      FigureJson.put(paper, "precision", row.paper().precision());
      FigureJson.put(paper, "dice", row.paper().dice());
      FigureJson.put(paper, "iou", row.paper().iou());
    }
    return json;
  }
}
