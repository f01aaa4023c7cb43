package io.histoflow.segmentation.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.calibration.MaskThresholds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How well one model segments one set of images.
 *
 * @param model which model
 * @param thresholds mask thresholds that were applied, to each image that of its organ
 * @param results image by image, in the order of evaluation
 */
public record Evaluation(
    EvaluatedModel model, MaskThresholds thresholds, List<ImageResult> results) {

  public Evaluation {
    results = List.copyOf(results);
  }

  /** The mask threshold of every organ without one of its own, 0..1. */
  public double threshold() {
    return thresholds.pooled().threshold();
  }

  /** Figures over all images. */
  public Summary overall() {
    return Summary.of(results);
  }

  /** Figures by organ, sorted by name. */
  public Map<String, Summary> organs() {
    Map<String, List<ImageResult>> byOrgan =
        results.stream()
            .collect(Collectors.groupingBy(ImageResult::organ, TreeMap::new, Collectors.toList()));
    Map<String, Summary> summaries = new TreeMap<>();
    byOrgan.forEach((organ, list) -> summaries.put(organ, Summary.of(list)));
    return summaries;
  }

  /**
   * The JSON that {@code evaluate --json} prints: figures with mean and standard deviation over
   * images, {@code micro} over all pixels, the same for each organ with the mask threshold that was
   * applied to it, and the model; {@code threshold} is that of organs without one of their own. A
   * figure that is undefined is null.
   */
  public ObjectNode toJson() {
    ObjectNode json = figures(overall());
    json.put("threshold", threshold());
    ObjectNode byOrgan = json.putObject("organs");
    organs()
        .forEach(
            (organ, summary) ->
                byOrgan.set(
                    organ, figures(summary).put("threshold", thresholds.thresholdFor(organ))));
    ObjectNode about = json.putObject("model");
    about.put("id", model.id());
    about.put("version", model.version());
    about.put("width", model.width());
    about.put("sha256", model.sha256());
    return json;
  }

  /** {@link #toJson()} as indented text. */
  public String toJsonText() {
    return toJson().toPrettyString();
  }

  private static ObjectNode figures(Summary summary) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("images", summary.images());
    json.set("recall", spread(summary.recall()));
    json.set("fnr", spread(summary.falseNegativeRate()));
    json.set("precision", spread(summary.precision()));
    json.set("dice", spread(summary.dice()));
    json.set("iou", spread(summary.iou()));
    ObjectNode micro = json.putObject("micro");
    Confusion pixels = summary.micro();
    put(micro, "recall", pixels.recall());
    put(micro, "fnr", pixels.falseNegativeRate());
    put(micro, "precision", pixels.precision());
    put(micro, "dice", pixels.dice());
    put(micro, "iou", pixels.iou());
    put(micro, "averagePrecision", summary.curve().averagePrecision());
    micro.put("pixels", pixels.pixels());
    return json;
  }

  private static ObjectNode spread(Spread spread) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "mean", spread.mean());
    put(json, "sd", spread.sd());
    return json;
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isNaN(value)) {
      json.putNull(name);
    } else {
      json.put(name, value);
    }
  }
}
