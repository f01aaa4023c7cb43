package io.histoflow.studies.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
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

  /** Mean recall over the held-out images at which variants' Dice is compared. */
  public static final double MATCHED_RECALL = 0.9;

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
   * @param diceAtRecall Dice at the threshold where mean recall is {@link #MATCHED_RECALL}, so that
   *     variants are compared where they miss equally much; spread over the seeds
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
      Spread diceAtRecall,
      Spread averagePrecision,
      PaperFigures paper) {

    /** Sums up the trainings of a variant. */
    static Row of(TrainingVariant variant, long parameters, List<Evaluation> bySeed) {
      List<Summary> summaries = bySeed.stream().map(Evaluation::overall).toList();
      return new Row(
          variant.name(),
          parameters,
          Spread.of(summaries, summary -> summary.recall().mean()),
          Spread.of(summaries, summary -> summary.precision().mean()),
          Spread.of(summaries, summary -> summary.dice().mean()),
          Spread.of(summaries, summary -> summary.iou().mean()),
          Spread.of(bySeed, Row::diceAtRecall),
          Spread.of(summaries, summary -> summary.curve().averagePrecision()),
          variant.paper());
    }

    private static double diceAtRecall(Evaluation trial) {
      List<PrecisionRecallCurve> curves = trial.results().stream().map(ImageResult::curve).toList();
      return OperatingPoint.atRecall(curves, MATCHED_RECALL)
          .map(OperatingPoint::dice)
          .orElse(Double.NaN);
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
    json.put("matchedRecall", MATCHED_RECALL);
    ArrayNode array = json.putArray("rows");
    for (Row row : rows) {
      ObjectNode node = array.addObject();
      node.put("name", row.name());
      node.put("parametersMillions", row.parameters() / 1e6);
      node.set("recall", FigureJson.of(row.recall()));
      node.set("precision", FigureJson.of(row.precision()));
      node.set("dice", FigureJson.of(row.dice()));
      node.set("iou", FigureJson.of(row.iou()));
      node.set("diceAtMatchedRecall", FigureJson.of(row.diceAtRecall()));
      node.set("averagePrecision", FigureJson.of(row.averagePrecision()));
      node.set("paper", FigureJson.ofRecord(row.paper()));
    }
    return json;
  }
}
