package io.histoflow.studies.crossvalidation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.PairedDifference;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.training.FoldModel;
import io.histoflow.training.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cross-validation says of a recipe. Every image is measured by a model that has not seen
 * its patient, at mask thresholds that were calibrated on the images of the other folds: neither
 * weights nor threshold know it.
 *
 * <p>The thresholds that ship are calibrated on the held-out images of all folds. They belong to
 * the fold models, which learned from fewer images than the model that ships; it is taken to miss
 * no more than they do (as cross-conformal prediction does: Vovk, 2015).
 */
public record CrossValidationStudy(Calibration calibration, Compute compute) {
  private static final String PHASE = "held-out images";

  /**
   * Measures fold models.
   *
   * @param data that the images are of
   * @param models one a fold
   * @throws IllegalStateException where the held-out images are too few to calibrate on
   */
  public CrossValidationResult run(
      TrainingData data, List<FoldModel> models, ProgressListener progress) {
    List<HeldOutImage> images = new ArrayList<>();
    int total = models.stream().mapToInt(model -> model.heldOut().size()).sum();
    for (FoldModel model : models) {
      try (Segmenter segmenter = Segmenter.open(model.model(), compute)) {
        TileSegmenter bounded = BlendingSegmenter.of(segmenter);
        for (LabelledTile tile : model.heldOut()) {
          images.add(
              new HeldOutImage(
                  data.setOf(tile),
                  model.fold(),
                  tile.id(),
                  tile.organ(),
                  tile.patient(),
                  curve(bounded, tile, tile.organ()),
                  curve(bounded, tile, ClinSegNetConfig.UNKNOWN)));
          progress.onProgress(PHASE, images.size(), total, tile.id());
        }
      }
    }
    return result(images);
  }

  /**
   * Sums up images that were segmented before.
   *
   * @throws IllegalStateException where they are too few to calibrate on
   */
  public CrossValidationResult result(List<HeldOutImage> images) {
    List<ImageResult> results = new ArrayList<>();
    List<Double> recall = new ArrayList<>();
    List<Double> dice = new ArrayList<>();
    List<Double> averagePrecision = new ArrayList<>();
    List<String> patients = new ArrayList<>();
    for (HeldOutImage image : images) {
      List<HeldOutImage> others = images.stream().filter(i -> i.fold() != image.fold()).toList();
      double threshold = thresholds(others).thresholdFor(image.organ());
      results.add(
          new ImageResult(
              image.id(), image.organ(), threshold, image.curve().at(threshold), image.curve()));
      recall.add(image.curve().at(threshold).recall() - image.asUnknown().at(threshold).recall());
      dice.add(image.curve().at(threshold).dice() - image.asUnknown().at(threshold).dice());
      averagePrecision.add(image.curve().averagePrecision() - image.asUnknown().averagePrecision());
      patients.add(image.patient());
    }
    return new CrossValidationResult(
        images,
        results,
        thresholds(images),
        new ConditioningEffect(
            PairedDifference.of(recall, patients, 1),
            PairedDifference.of(dice, patients, 1),
            PairedDifference.of(averagePrecision, patients, 1)));
  }

  private MaskThresholds thresholds(List<HeldOutImage> images) {
    List<CalibrationUnit> units =
        images.stream().map(image -> new CalibrationUnit(image.organ(), image.curve())).toList();
    Optional<MaskThresholds> thresholds = calibration.of(units);
    return thresholds.orElseThrow(() -> new IllegalStateException(calibration.whyNone(units)));
  }

  private static PrecisionRecallCurve curve(
      TileSegmenter segmenter, LabelledTile tile, String organ) {
    return PrecisionRecallCurve.of(segmenter.probabilities(tile.image(), organ), tile);
  }
}
