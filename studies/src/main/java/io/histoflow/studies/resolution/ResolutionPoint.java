package io.histoflow.studies.resolution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A model on images that were brought to a resolution, masks likewise. What it says is compared in
 * the pixels of the images that it was given, those of a scanner of this resolution.
 *
 * @param micronsPerPixel of the images that it was given
 * @param asTheyAre figures where it took them as its own
 * @param resampled figures where they went to its resolution, and its answers back
 */
record ResolutionPoint(double micronsPerPixel, Summary asTheyAre, Summary resampled) {

  /**
   * Measures a point.
   *
   * @param samples images of a known resolution
   * @param micronsPerPixel to which they are brought
   */
  static ResolutionPoint of(
      Evaluator evaluator,
      Collection<Sample> samples,
      double micronsPerPixel,
      MaskThresholds thresholds,
      ProgressListener progress) {
    List<ImageResult> asTheyAre = new ArrayList<>();
    List<ImageResult> resampled = new ArrayList<>();
    for (Sample sample : samples) {
      LabelledTile tile = brought(sample.load(), micronsPerPixel);
      asTheyAre.add(
          result(evaluator, tile.withMicronsPerPixel(OptionalDouble.empty()), thresholds));
      resampled.add(result(evaluator, tile, thresholds));
      progress.onProgress("resolution", resampled.size(), samples.size(), tile.id());
    }
    return new ResolutionPoint(micronsPerPixel, Summary.of(asTheyAre), Summary.of(resampled));
  }

  /** Without a tolerance: the images are to have exactly this resolution. */
  private static LabelledTile brought(LabelledTile tile, double micronsPerPixel) {
    Rescaling scale = new Rescaling(tile.micronsPerPixel().orElseThrow() / micronsPerPixel);
    return new LabelledTile(
        tile.id(),
        tile.organ(),
        scale.toModel(tile.image()),
        scale.toModel(tile.mask()),
        tile.uncertain().map(scale::toModel),
        OptionalDouble.of(micronsPerPixel));
  }

  private static ImageResult result(
      Evaluator evaluator, LabelledTile tile, MaskThresholds thresholds) {
    return evaluator
        .evaluateTiles(List.of(tile), thresholds, ProgressListener.SILENT)
        .results()
        .get(0);
  }

  /**
   * Returns {@code {"micronsPerPixel", "asTheyAre", "resampled"}}; the latter two are figures as
   * {@code evaluate --json} has them.
   */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("micronsPerPixel", micronsPerPixel);
    json.set("asTheyAre", FigureJson.of(asTheyAre));
    json.set("resampled", FigureJson.of(resampled));
    return json;
  }
}
