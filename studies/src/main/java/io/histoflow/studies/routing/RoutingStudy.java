package io.histoflow.studies.routing;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Confusion;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Measures which routing score brings misses to review: what share of all missed positive pixels
 * lies in the tiles of the highest scores, beside random choice and the oracle.
 *
 * <p>Feed it tiles of images that the model was not trained on, from one model or, for
 * cross-validation, from several, then ask for the result. Each model's tiles compete among
 * themselves, as in a laboratory that runs one model: what doubt is on the scale of one is not on
 * that of another, whose mask threshold differs. Intervals are percentiles of a bootstrap over
 * patients (Efron, 1979) within each organ; an organ of one patient adds nothing to their width.
 */
public final class RoutingStudy {

  private static final String PHASE = "study routing";
  private static final int CURVE_POINTS = 50;

  private final List<StudiedScore> scores;
  private final int rounds;
  private final long seed;
  private final List<StudiedTile> tiles = new ArrayList<>();
  private final List<Double> inferenceMillis = new ArrayList<>();
  private final List<List<Double>> scoreMillis = new ArrayList<>();
  private int model;

  private RoutingStudy(List<StudiedScore> scores, int rounds, long seed) {
    if (rounds < 1) {
      throw new IllegalArgumentException("A bootstrap needs at least one round, not " + rounds);
    }
    this.scores = scores;
    this.rounds = rounds;
    this.seed = seed;
    scores.forEach(score -> scoreMillis.add(new ArrayList<>()));
  }

  /**
   * A study of the scores that need no further pass through the network.
   *
   * @param rounds of the bootstrap, 1 or more
   * @param seed of the bootstrap
   */
  public static RoutingStudy cheap(int rounds, long seed) {
    return new RoutingStudy(StudiedScore.cheap(), rounds, seed);
  }

  /**
   * As {@link #cheap}, and of the scores that run the network again on flipped or stained tiles.
   */
  public static RoutingStudy withViews(int rounds, long seed) {
    return new RoutingStudy(StudiedScore.all(), rounds, seed);
  }

  /** Begins another model: what is added from now on competes only with what follows. */
  public void nextModel() {
    model++;
  }

  /**
   * Begins another model, cuts images into tiles, segments each by itself as inference does, and
   * adds them.
   *
   * @param segmenter a model that was not trained on these images
   * @param samples images with masks
   * @param tileSize edge in pixels
   */
  public void segment(
      Segmenter segmenter, Collection<Sample> samples, int tileSize, ProgressListener progress) {
    nextModel();
    int done = 0;
    progress.onProgress(PHASE, done, samples.size(), "");
    for (Sample sample : samples) {
      for (LabelledTile tile : sample.load().cut(tileSize)) {
        long began = System.nanoTime();
        Segmentation segmentation =
            segmenter.segment(List.of(new SegmentationInput(tile.image(), tile.organ()))).get(0);
        inferenceMillis.add(millisSince(began));
        add(tile, segmentation, segmenter);
      }
      progress.onProgress(PHASE, ++done, samples.size(), sample.id());
    }
  }

  /**
   * Adds one tile.
   *
   * @param tile with its truth
   * @param segmentation of the tile: probabilities and threshold
   * @param segmenter asked again by scores that need other views of the tile
   */
  public void add(LabelledTile tile, Segmentation segmentation, TileSegmenter segmenter) {
    Confusion pixels = Confusion.of(segmentation.mask(), tile);
    List<Double> values = new ArrayList<>();
    for (int s = 0; s < scores.size(); s++) {
      long began = System.nanoTime();
      values.add(scores.get(s).of(tile, segmentation, segmenter));
      scoreMillis.get(s).add(millisSince(began));
    }
    tiles.add(
        new StudiedTile(
            model,
            tile.organ(),
            tile.patient(),
            tile.organ() + "/" + tile.imageId(),
            pixels.truePositives() + pixels.falseNegatives(),
            pixels.falseNegatives(),
            values));
  }

  /**
   * Returns what the tiles so far say.
   *
   * @throws IllegalStateException without tiles
   */
  public RoutingStudyResult result() {
    if (tiles.isEmpty()) {
      throw new IllegalStateException("A routing study needs tiles, and none was added");
    }
    Map<String, List<ReviewPool>> organs = new TreeMap<>();
    tiles.stream()
        .collect(Collectors.groupingBy(StudiedTile::organ))
        .forEach((organ, members) -> organs.put(organ, pools(members)));
    Map<String, ReviewScope> alone = new TreeMap<>();
    organs.forEach((organ, pools) -> alone.put(organ, scope(pools)));
    ReviewScope perOrgan = scope(organs.values().stream().flatMap(List::stream).toList());
    ReviewScope pooled = scope(pools(tiles));
    List<ScoreResult> results = new ArrayList<>();
    for (int s = 0; s < scores.size(); s++) {
      int score = s;
      Map<String, ScopeFigures> byOrgan = new TreeMap<>();
      alone.forEach((organ, scope) -> byOrgan.put(organ, scope.figures(score)));
      results.add(
          new ScoreResult(
              scores.get(s).publishedName(),
              median(scoreMillis.get(s)),
              scores.get(s).extraPasses(),
              tenth(s),
              perOrgan.figures(s),
              pooled.figures(s),
              byOrgan));
    }
    results.sort(Comparator.comparingDouble(RoutingStudy::worth).reversed());
    return new RoutingStudyResult(
        tiles.size(),
        (int) tiles.stream().map(StudiedTile::image).distinct().count(),
        (int) tiles.stream().map(StudiedTile::patient).distinct().count(),
        tiles.stream().mapToLong(StudiedTile::positivePixels).sum(),
        tiles.stream().mapToLong(StudiedTile::missedPixels).sum(),
        median(inferenceMillis),
        results,
        curves(perOrgan));
  }

  /** One pool for each model that the tiles come from. */
  private static List<ReviewPool> pools(List<StudiedTile> tiles) {
    return tiles.stream()
        .collect(Collectors.groupingBy(StudiedTile::model, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(ReviewPool::new)
        .toList();
  }

  private double tenth(int score) {
    return tiles.stream()
        .map(tile -> tile.scores().get(score))
        .sorted(Comparator.reverseOrder())
        .skip((tiles.size() + 9) / 10 - 1)
        .findFirst()
        .orElseThrow();
  }

  private ReviewScope scope(List<ReviewPool> pools) {
    return new ReviewScope(pools, rounds, seed);
  }

  private ReviewCurves curves(ReviewScope scope) {
    List<Double> shares = new ArrayList<>();
    List<Double> random = new ArrayList<>();
    List<Double> oracle = new ArrayList<>();
    Map<String, List<Double>> held = new LinkedHashMap<>();
    for (int point = 1; point <= CURVE_POINTS; point++) {
      double share = (double) point / CURVE_POINTS;
      shares.add(share);
      random.add(scope.holding(0, share).randomShare());
      oracle.add(scope.holding(0, share).oracleShare());
      for (int s = 0; s < scores.size(); s++) {
        held.computeIfAbsent(scores.get(s).publishedName(), name -> new ArrayList<>())
            .add(scope.holding(s, share).heldShare());
      }
    }
    return new ReviewCurves(shares, random, oracle, held);
  }

  private static double worth(ScoreResult score) {
    double gap = score.perOrgan().top20().gapClosed();
    return Double.isNaN(gap) ? Double.NEGATIVE_INFINITY : gap;
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  private static double median(List<Double> values) {
    return values.isEmpty()
        ? Double.NaN
        : values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
