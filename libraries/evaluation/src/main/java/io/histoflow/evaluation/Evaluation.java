package io.histoflow.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How well one model segments one set of images.
 *
 * @param model which model
 * @param thresholds mask thresholds that were applied, to each image that of its organ
 * @param results image by image, in the order of evaluation
 */
public record Evaluation(
    EvaluatedModel model, MaskThresholds thresholds, List<ImageResult> results) {

  /** Steps of the sweep in the JSON: thresholds 0.05, 0.10, ... 0.95. */
  private static final int SWEEP_STEPS = 20;

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
   * What other thresholds would give.
   *
   * @param steps number of equal steps between threshold 0 and 1, 2 to 1000; the ends are left out
   */
  public List<OperatingPoint> sweep(int steps) {
    List<PrecisionRecallCurve> curves = results.stream().map(ImageResult::curve).toList();
    return IntStream.range(1, steps)
        .mapToObj(step -> OperatingPoint.of(curves, (double) step / steps))
        .toList();
  }

  /**
   * The quality part of the JSON that {@code evaluate --json} writes: figures with mean and
   * standard deviation over images, {@code micro} over all pixels, the same for each organ with the
   * mask threshold that was applied to it ({@code threshold} is that of the other organs), average
   * precision over all pixels, a sweep over thresholds (means over images, and {@code micro}), and
   * the model. A figure that is undefined is null.
   */
  public ObjectNode toJson() {
    ObjectNode json = FigureJson.of(overall());
    json.put("threshold", threshold());
    FigureJson.put(json, "averagePrecision", overall().curve().averagePrecision());
    ObjectNode byOrgan = json.putObject("organs");
    organs()
        .forEach(
            (organ, summary) ->
                byOrgan.set(
                    organ,
                    FigureJson.of(summary).put("threshold", thresholds.thresholdFor(organ))));
    ArrayNode sweep = json.putArray("sweep");
    sweep(SWEEP_STEPS).forEach(point -> sweep.add(figures(point)));
    json.set("model", model.toJson());
    return json;
  }

  /** {@link #toJson()} as indented text. */
  public String toJsonText() {
    return toJson().toPrettyString();
  }

  private static ObjectNode figures(OperatingPoint point) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("threshold", point.threshold());
    FigureJson.put(json, "recall", point.recall());
    FigureJson.put(json, "precision", point.precision());
    FigureJson.put(json, "dice", point.dice());
    FigureJson.put(json, "iou", point.iou());
    FigureJson.put(json, "f2", point.f2());
    ObjectNode micro = json.putObject("micro");
    FigureJson.put(micro, "recall", point.micro().recall());
    FigureJson.put(micro, "precision", point.micro().precision());
    FigureJson.put(micro, "dice", point.micro().dice());
    FigureJson.put(micro, "iou", point.micro().iou());
    FigureJson.put(micro, "f2", point.micro().f2());
    return json;
  }
}
