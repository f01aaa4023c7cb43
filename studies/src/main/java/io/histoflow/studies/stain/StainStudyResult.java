package io.histoflow.studies.stain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.Summary;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;
import java.util.Locale;

/**
 * What models make of images that were stained or lit otherwise.
 *
 * @param images on which they were measured
 * @param models in the order in which they were asked for
 */
record StainStudyResult(int images, List<Model> models) {

  /**
   * One model.
   *
   * @param name under which it is shown
   */
  record Model(String name, Checkpoint checkpoint, StainRobustness robustness) {

    private void writeTo(ObjectNode about, ArrayNode rows) {
      about
          .put("model", name)
          .put("id", checkpoint.modelId())
          .put("version", checkpoint.version())
          .put("sha256", checkpoint.sha256())
          .put("inputColour", checkpoint.config().inputColour().name().toLowerCase(Locale.ROOT))
          .put("threshold", checkpoint.maskThreshold());
      ObjectNode mean = about.putObject("mean");
      FigureJson.put(mean, "recall", robustness.overShifts(Summary::recall).mean());
      FigureJson.put(mean, "dice", robustness.overShifts(Summary::dice).mean());
      ObjectNode worst = about.putObject("worst");
      FigureJson.put(worst, "recall", robustness.worst(Summary::recall));
      FigureJson.put(worst, "dice", robustness.worst(Summary::dice));
      for (StainRobustness.Point point : robustness.points()) {
        ObjectNode row =
            rows.addObject()
                .put("model", name)
                .put("shift", point.shift().kind().name().toLowerCase(Locale.ROOT))
                .put("strength", point.shift().strength());
        FigureJson.put(row, "recall", point.summary().recall().mean());
        FigureJson.put(row, "precision", point.summary().precision().mean());
        FigureJson.put(row, "dice", point.summary().dice().mean());
      }
    }
  }

  /**
   * Returns {@code {"images", "models": [...], "robustness": [...]}}; undefined figures are null.
   */
  ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("images", images);
    ArrayNode about = root.putArray("models");
    ArrayNode rows = root.putArray("robustness");
    models.forEach(model -> model.writeTo(about.addObject(), rows));
    return root;
  }
}
