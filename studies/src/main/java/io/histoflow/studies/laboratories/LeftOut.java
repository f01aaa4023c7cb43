package io.histoflow.studies.laboratories;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.Summary;

/**
 * One laboratory, seen by a model that was trained without it.
 *
 * @param laboratory name of its data set
 * @param trainingImages images of the other laboratories that were trained on
 * @param heldOutImages images of the other laboratories that chose the threshold
 * @param threshold chosen without this laboratory, 0..1
 * @param present over all its images, by the model to compare with at its own thresholds
 * @param leftOut over all its images, by the model that was trained without it
 */
public record LeftOut(
    String laboratory,
    int trainingImages,
    int heldOutImages,
    double threshold,
    Summary present,
    Summary leftOut) {

  /** Returns the result as JSON. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("laboratory", laboratory);
    json.put("trainingImages", trainingImages);
    json.put("heldOutImages", heldOutImages);
    json.put("threshold", threshold);
    json.set("present", FigureJson.of(present));
    json.set("leftOut", FigureJson.of(leftOut));
    return json;
  }
}
