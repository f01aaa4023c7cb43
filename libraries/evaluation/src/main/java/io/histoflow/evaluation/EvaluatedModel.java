package io.histoflow.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.checkpoint.Checkpoint;

/**
 * Which model an evaluation is of.
 *
 * @param id of the model
 * @param version of its decoder weights, 0 as shipped
 * @param width channels of its first stage
 * @param sha256 of its weights, hexadecimal
 */
public record EvaluatedModel(String id, long version, int width, String sha256) {

  /** Names a checkpoint. */
  public static EvaluatedModel of(Checkpoint checkpoint) {
    return new EvaluatedModel(
        checkpoint.modelId(),
        checkpoint.version(),
        checkpoint.config().width(),
        checkpoint.sha256());
  }

  /** Returns {@code {"id", "version", "width", "sha256"}}. */
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("version", version)
        .put("width", width)
        .put("sha256", sha256);
  }
}
