package io.histoflow.studies.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mask thresholds calibrated on images with known masks, and what they do to these images.
 *
 * @param model which model
 * @param calibration the rule
 * @param thresholds what it gave
 * @param organs what the thresholds do to each organ's units, by name
 * @param pooled what they do to all units, each at the threshold of its organ
 */
public record ModelCalibration(
    EvaluatedModel model,
    Calibration calibration,
    MaskThresholds thresholds,
    List<Row> organs,
    Row pooled) {

  /**
   * Figures of one organ, or of all; means over units where they are defined, NaN without any.
   *
   * @param name of the organ
   * @param units images with a positive pixel
   * @param threshold applied to them, 0..1
   * @param own whether the threshold is the organ's own
   * @param falseNegativeRate 0..1
   * @param precision 0..1
   * @param dice 0..1
   */
  public record Row(
      String name,
      int units,
      double threshold,
      boolean own,
      double falseNegativeRate,
      double precision,
      double dice) {}

  /** Copies the list. */
  public ModelCalibration {
    organs = List.copyOf(organs);
  }

  /**
   * Calibrates.
   *
   * @param evaluation the model on the images, at any threshold
   * @return empty where there are too few images with a positive pixel
   */
  public static Optional<ModelCalibration> of(Evaluation evaluation, Calibration calibration) {
    List<ImageResult> counted =
        evaluation.results().stream().filter(image -> image.curve().positivePixels() > 0).toList();
    return calibration
        .of(units(evaluation))
        .map(
            thresholds -> {
              List<Row> organs = new ArrayList<>();
              for (String organ : evaluation.organs().keySet()) {
                organs.add(
                    row(
                        organ,
                        counted.stream().filter(image -> image.organ().equals(organ)).toList(),
                        thresholds,
                        thresholds.thresholdFor(organ),
                        thresholds.isOwn(organ)));
              }
              Row pooled = row("all", counted, thresholds, thresholds.pooled().threshold(), false);
              return new ModelCalibration(
                  evaluation.model(), calibration, thresholds, organs, pooled);
            });
  }

  /** Returns the images of an evaluation as units of a calibration. */
  public static List<CalibrationUnit> units(Evaluation evaluation) {
    return evaluation.results().stream()
        .map(image -> new CalibrationUnit(image.organ(), image.curve()))
        .toList();
  }

  /**
   * Returns {@code {"level", "minimumUnits", "threshold", "units", "fnr", "precision", "dice",
   * "organs": {"<organ>": {"threshold", "own", "units", "fnr", "precision", "dice"}}, "model"}};
   * what is undefined is null.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("level", calibration.control().level());
    json.put("minimumUnits", calibration.fewestUnitsOfAnOrgan());
    json.setAll(figures(pooled));
    ObjectNode byOrgan = json.putObject("organs");
    organs.forEach(row -> byOrgan.set(row.name(), figures(row).put("own", row.own())));
    json.set("model", model.toJson());
    return json;
  }

  private static Row row(
      String name,
      List<ImageResult> images,
      MaskThresholds thresholds,
      double threshold,
      boolean own) {
    List<Confusion> counts =
        images.stream()
            .map(image -> image.curve().at(thresholds.thresholdFor(image.organ())))
            .toList();
    return new Row(
        name,
        images.size(),
        threshold,
        own,
        Spread.of(counts, Confusion::falseNegativeRate).mean(),
        Spread.of(counts, Confusion::precision).mean(),
        Spread.of(counts, Confusion::dice).mean());
  }

  private static ObjectNode figures(Row row) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("threshold", row.threshold());
    json.put("units", row.units());
    FigureJson.put(json, "fnr", row.falseNegativeRate());
    FigureJson.put(json, "precision", row.precision());
    FigureJson.put(json, "dice", row.dice());
    return json;
  }
}
