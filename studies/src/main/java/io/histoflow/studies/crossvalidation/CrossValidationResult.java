package io.histoflow.studies.crossvalidation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.Summary;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.MaskThresholdsJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cross-validation found.
 *
 * @param images every image once
 * @param results of the same images in the same order, each at the threshold of the other folds
 * @param thresholds calibrated on all images, for the model of all images
 * @param conditioning what knowing the organ is worth
 */
public record CrossValidationResult(
    List<HeldOutImage> images,
    List<ImageResult> results,
    MaskThresholds thresholds,
    ConditioningEffect conditioning) {

  /** Copies the lists. */
  public CrossValidationResult {
    images = List.copyOf(images);
    results = List.copyOf(results);
  }

  /** Returns the figures over all images. */
  public Summary overall() {
    return Summary.of(results);
  }

  /** Returns the figures of each data set, sorted by name. */
  public Map<String, Summary> sets() {
    Map<String, Summary> sets = new TreeMap<>();
    resultsBySet().forEach((set, results) -> sets.put(set, Summary.of(results)));
    return sets;
  }

  /** Returns the results of each data set's images, sorted by its name. */
  Map<String, List<ImageResult>> resultsBySet() {
    Map<String, List<ImageResult>> sets = new TreeMap<>();
    for (int i = 0; i < images.size(); i++) {
      sets.computeIfAbsent(images.get(i).set(), set -> new ArrayList<>()).add(results.get(i));
    }
    return sets;
  }

  /** Returns the figures that a checkpoint carries, by name. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    put(metrics, "", overall());
    sets().forEach((set, summary) -> put(metrics, "." + lastName(set), summary));
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return metrics;
  }

  private static void put(Map<String, Double> metrics, String set, Summary summary) {
    String prefix = "crossValidation" + set + ".";
    metrics.put(prefix + "images", (double) summary.images());
    metrics.put(prefix + "recall", summary.recall().mean());
    metrics.put(prefix + "precision", summary.precision().mean());
    metrics.put(prefix + "dice", summary.dice().mean());
    metrics.put(prefix + "iou", summary.iou().mean());
    metrics.put(prefix + "averagePrecision", summary.curve().averagePrecision());
  }

  private static String lastName(String folder) {
    return folder.replaceAll("[/\\\\]+$", "").replaceAll("^.*[/\\\\]", "");
  }

  /** Returns the result as JSON; a figure that is undefined is null. */
  public ObjectNode toJson() {
    ObjectNode json = FigureJson.of(overall());
    ObjectNode sets = json.putObject("sets");
    sets().forEach((set, summary) -> sets.set(set, FigureJson.of(summary)));
    json.set("thresholds", MaskThresholdsJson.write(thresholds));
    ObjectNode organ = json.putObject("organKnownLessUnknown");
    organ.set("recall", FigureJson.of(conditioning.recall()));
    organ.set("dice", FigureJson.of(conditioning.dice()));
    organ.set("averagePrecision", FigureJson.of(conditioning.averagePrecision()));
    ArrayNode array = json.putArray("heldOut");
    for (int i = 0; i < images.size(); i++) {
      ObjectNode image = array.addObject();
      image.put("set", images.get(i).set());
      image.put("fold", images.get(i).fold());
      image.put("organ", images.get(i).organ());
      image.put("id", images.get(i).id());
      image.put("threshold", results.get(i).threshold());
      FigureJson.put(image, "recall", results.get(i).confusion().recall());
      FigureJson.put(image, "precision", results.get(i).confusion().precision());
      FigureJson.put(image, "dice", results.get(i).confusion().dice());
    }
    return json;
  }
}
