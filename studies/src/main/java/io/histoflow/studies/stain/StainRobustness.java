package io.histoflow.studies.stain;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How well one model segments one set of images under synthetic shifts of stain and light.
 *
 * @param images number of images
 * @param points one for each shift, in the order they were asked for
 */
public record StainRobustness(int images, List<Point> points) {

  private static final String PHASE = "stain shifts";

  /**
   * The figures under one shift.
   *
   * @param shift that every image went through
   * @param summary over all images
   */
  public record Point(StainShift shift, Summary summary) {}

  /** Copies the list. */
  public StainRobustness {
    points = List.copyOf(points);
  }

  /**
   * Measures on images on disk; one is in memory at a time.
   *
   * @param evaluator of the model
   * @param thresholds mask thresholds, to each image that of its organ
   * @param shifts those of strength 0 are measured once
   * @param progress told after every image
   * @throws io.histoflow.datasets.DatasetException where an image cannot be used
   */
  public static StainRobustness ofSamples(
      Evaluator evaluator,
      Collection<Sample> samples,
      MaskThresholds thresholds,
      List<StainShift> shifts,
      ProgressListener progress) {
    return of(evaluator, samples, Sample::load, thresholds, shifts, progress);
  }

  /** As {@link #ofSamples}, on images in memory. */
  public static StainRobustness ofTiles(
      Evaluator evaluator,
      Collection<LabelledTile> tiles,
      MaskThresholds thresholds,
      List<StainShift> shifts,
      ProgressListener progress) {
    return of(evaluator, tiles, tile -> tile, thresholds, shifts, progress);
  }

  private static <T> StainRobustness of(
      Evaluator evaluator,
      Collection<T> images,
      Function<T, LabelledTile> load,
      MaskThresholds thresholds,
      List<StainShift> shifts,
      ProgressListener progress) {
    Map<StainShift, List<ImageResult>> results = new LinkedHashMap<>();
    shifts.forEach(shift -> results.put(shift, new ArrayList<>()));
    int done = 0;
    progress.onProgress(PHASE, done, images.size(), "");
    for (T image : images) {
      LabelledTile tile = load.apply(image);
      ImageResult unshifted = null;
      for (StainShift shift : results.keySet()) {
        ImageResult result = shift.strength() == 0 ? unshifted : null;
        if (result == null) {
          result = result(evaluator, tile, shift, thresholds);
        }
        unshifted = shift.strength() == 0 ? result : unshifted;
        results.get(shift).add(result);
      }
      progress.onProgress(PHASE, ++done, images.size(), tile.id());
    }
    List<Point> points = new ArrayList<>();
    results.forEach((shift, list) -> points.add(new Point(shift, Summary.of(list))));
    return new StainRobustness(images.size(), points);
  }

  private static ImageResult result(
      Evaluator evaluator, LabelledTile tile, StainShift shift, MaskThresholds thresholds) {
    LabelledTile shifted = shift.strength() == 0 ? tile : tile.withImage(shift.apply(tile.image()));
    return evaluator
        .evaluateTiles(List.of(shifted), thresholds, ProgressListener.SILENT)
        .results()
        .get(0);
  }

  /** Returns the points of one kind of shift, in their order. */
  public List<Point> points(StainShift.Kind kind) {
    return points.stream().filter(point -> point.shift().kind() == kind).toList();
  }

  /**
   * Returns the spread of a figure over the shifts, those of strength 0 left out.
   *
   * @param figure for example {@code Summary::dice}; its mean over images counts
   */
  public Spread overShifts(Function<Summary, Spread> figure) {
    return Spread.of(shifted(figure));
  }

  /** Returns the lowest value of a figure over the shifts, NaN where none is defined. */
  public double worst(Function<Summary, Spread> figure) {
    double worst = Double.NaN;
    for (double value : shifted(figure)) {
      worst = Double.isNaN(worst) || value < worst ? value : worst;
    }
    return worst;
  }

  private double[] shifted(Function<Summary, Spread> figure) {
    ToDoubleFunction<Point> mean = point -> figure.apply(point.summary()).mean();
    return points.stream()
        .filter(point -> point.shift().strength() != 0)
        .mapToDouble(mean)
        .toArray();
  }
}
