package io.histoflow.evaluation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.segmentation.inference.RescalingSegmenter;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Runs a model over images with known masks; one image is in memory at a time. */
public final class Evaluator {

  private static final String PHASE = "evaluate";

  private final TileSegmenter segmenter;
  private final EvaluatedModel model;
  private final ModelResolution resolution;

  /**
   * @param segmenter segments one image of up to 1024 x 1024 pixels; larger images are cut into
   *     overlapping tiles and blended
   * @param model named in the result
   * @param resolution the model's: images of another are resampled to it, and what the model says
   *     is compared in their own pixels
   */
  public Evaluator(TileSegmenter segmenter, EvaluatedModel model, ModelResolution resolution) {
    this.segmenter = segmenter;
    this.model = model;
    this.resolution = resolution;
  }

  /** As the other, of a segmenter that takes images of any resolution as they are. */
  public Evaluator(TileSegmenter segmenter, EvaluatedModel model) {
    this(segmenter, model, ModelResolution.UNKNOWN);
  }

  /** An evaluator of an open model. */
  public static Evaluator of(Segmenter segmenter) {
    return new Evaluator(
        segmenter, EvaluatedModel.of(segmenter.checkpoint()), segmenter.checkpoint().resolution());
  }

  /**
   * Evaluates images on disk, each at the threshold of its organ.
   *
   * @param thresholds the model's
   * @throws io.histoflow.datasets.DatasetException where an image cannot be used
   */
  public Evaluation evaluateSamples(
      Collection<Sample> samples, MaskThresholds thresholds, ProgressListener progress) {
    return evaluate(samples, Sample::load, thresholds, progress);
  }

  /**
   * Evaluates images on disk, all at one threshold.
   *
   * @param threshold a pixel is positive where its probability is above it, 0..1
   * @throws io.histoflow.datasets.DatasetException where an image cannot be used
   */
  public Evaluation evaluateSamples(
      Collection<Sample> samples, double threshold, ProgressListener progress) {
    return evaluate(samples, Sample::load, MaskThresholds.uncalibrated(threshold), progress);
  }

  /**
   * Evaluates images in memory, each at the threshold of its organ.
   *
   * @param thresholds the model's
   */
  public Evaluation evaluateTiles(
      Collection<LabelledTile> tiles, MaskThresholds thresholds, ProgressListener progress) {
    return evaluate(tiles, tile -> tile, thresholds, progress);
  }

  /**
   * Evaluates images in memory, all at one threshold.
   *
   * @param threshold a pixel is positive where its probability is above it, 0..1
   */
  public Evaluation evaluateTiles(
      Collection<LabelledTile> tiles, double threshold, ProgressListener progress) {
    return evaluate(tiles, tile -> tile, MaskThresholds.uncalibrated(threshold), progress);
  }

  /**
   * Segments one image as an evaluation would.
   *
   * @return probabilities (H, W) of its own pixels, 0..1
   * @throws IllegalArgumentException where its resolution is too far from the model's
   */
  public float[] probabilities(LabelledTile tile) {
    return RescalingSegmenter.of(segmenter, resolution.of(tile.micronsPerPixel()))
        .probabilities(tile.image(), tile.organ());
  }

  private <T> Evaluation evaluate(
      Collection<T> images,
      Function<T, LabelledTile> load,
      MaskThresholds thresholds,
      ProgressListener progress) {
    List<ImageResult> results = new ArrayList<>(images.size());
    progress.onProgress(PHASE, 0, images.size(), "");
    for (T image : images) {
      LabelledTile tile = load.apply(image);
      double threshold = thresholds.thresholdFor(tile.organ());
      ImageResult result = ImageResult.of(tile, probabilities(tile), threshold);
      results.add(result);
      progress.onProgress(PHASE, results.size(), images.size(), note(result));
    }
    return new Evaluation(model, thresholds, results);
  }

  private static String note(ImageResult result) {
    return String.format(Locale.ROOT, "%s recall %.3f", result.id(), result.confusion().recall());
  }
}
