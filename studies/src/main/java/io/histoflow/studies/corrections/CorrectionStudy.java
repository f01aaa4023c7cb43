package io.histoflow.studies.corrections;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.MatchedComparison;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.studies.corrections.CorrectionRound.Choice;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.training.PatientSplit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Simulates human-in-the-loop learning (Bioengineering 2025, 12, 1156, section 2): the most
 * uncertain tiles of half of the patients are corrected by the truth, the model is fine-tuned on
 * them and measured on the other half; then the halves change places. The same number of tiles
 * drawn at random says what choosing by uncertainty is worth, and the most uncertain tiles of each
 * image, or half of each kind, whether it is the odd tiles that make the difference.
 */
public final class CorrectionStudy {

  private static final String PHASE = "study corrections";

  private final Checkpoint base;
  private final List<PatientSplit> halves;
  private final List<LabelledTile> known;
  private final RoutingScore score;
  private final CorrectionStudySettings settings;
  private final Compute compute;

  /**
   * Makes a study.
   *
   * @param base the model that is corrected; must have seen none of the images
   * @param images of at least two patients, whole
   * @param known images of organs that the model knows but of patients it has not seen; may be
   *     empty
   * @param score by which tiles are chosen
   */
  public CorrectionStudy(
      Checkpoint base,
      List<LabelledTile> images,
      List<LabelledTile> known,
      RoutingScore score,
      CorrectionStudySettings settings,
      Compute compute) {
    this.base = base;
    this.halves = PatientSplit.folds(images, 2, 1);
    this.known = List.copyOf(known);
    this.score = score;
    this.settings = settings;
    this.compute = compute;
  }

  /** Runs both halves with all seeds and choices. */
  public CorrectionStudyResult run(ProgressListener progress) {
    List<CorrectionRound> rounds = new ArrayList<>();
    int total = halves.size() * settings.seeds() * Choice.values().length;
    progress.onProgress(PHASE, 0, total, "");
    PrecisionRecallCurve knownBefore = curve(base, known);
    for (int half = 1; half <= halves.size(); half++) {
      List<LabelledTile> measured = halves.get(half - 1).training();
      List<LabelledTile> ranked = ranked(halves.get(half - 1).validation());
      PrecisionRecallCurve before = curve(base, measured);
      for (int seed = 1; seed <= settings.seeds(); seed++) {
        for (Choice choice : Choice.values()) {
          List<LabelledTile> corrected = choose(ranked, choice, seed);
          Checkpoint tuned =
              FineTuning.run(
                      base, corrected, List.of(), withSeed(seed), compute, ProgressListener.SILENT)
                  .candidate();
          PrecisionRecallCurve after = curve(tuned, measured);
          MatchedComparison matched = MatchedComparison.of(before, base.maskThreshold(), after);
          CorrectionRound round =
              new CorrectionRound(
                  half,
                  seed,
                  choice,
                  corrected.size(),
                  matched.matchedPrecision(),
                  matched.recallBefore(),
                  matched.recallAfter(),
                  before.averagePrecision(),
                  after.averagePrecision(),
                  knownBefore.averagePrecision(),
                  curve(tuned, known).averagePrecision());
          rounds.add(round);
          progress.onProgress(PHASE, rounds.size(), total, note(round));
        }
      }
    }
    return new CorrectionStudyResult(rounds);
  }

  private List<LabelledTile> choose(List<LabelledTile> ranked, Choice choice, int seed) {
    int count = (int) Math.max(1, Math.round(settings.share() * ranked.size()));
    List<LabelledTile> tiles =
        switch (choice) {
          case UNCERTAIN -> ranked;
          case STRATIFIED -> byRankInImage(ranked);
          case MIXED -> mixed(ranked, count / 2, seed);
          case RANDOM -> shuffled(ranked, seed);
        };
    return tiles.subList(0, count);
  }

  private static List<LabelledTile> mixed(List<LabelledTile> ranked, int first, int seed) {
    List<LabelledTile> mixed = new ArrayList<>(ranked.subList(0, first));
    mixed.addAll(shuffled(ranked.subList(first, ranked.size()), seed));
    return mixed;
  }

  private static List<LabelledTile> shuffled(List<LabelledTile> tiles, int seed) {
    List<LabelledTile> shuffled = new ArrayList<>(tiles);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled;
  }

  /**
   * Orders ranked tiles by the share of their own image's tiles that are ranked before them, so
   * that the first of the list are as large a share of every image as its number of tiles allows.
   */
  static List<LabelledTile> byRankInImage(List<LabelledTile> ranked) {
    record Placed(LabelledTile tile, double share) {}
    Map<String, Long> sizes =
        ranked.stream()
            .collect(Collectors.groupingBy(LabelledTile::imageId, Collectors.counting()));
    Map<String, Integer> seen = new HashMap<>();
    List<Placed> placed = new ArrayList<>();
    for (LabelledTile tile : ranked) {
      int before = seen.merge(tile.imageId(), 1, Integer::sum) - 1;
      placed.add(new Placed(tile, (before + 0.5) / sizes.get(tile.imageId())));
    }
    return placed.stream()
        .sorted(Comparator.comparingDouble(Placed::share))
        .map(Placed::tile)
        .toList();
  }

  /** Returns the tiles of the images, the most uncertain first. */
  private List<LabelledTile> ranked(List<LabelledTile> images) {
    record Scored(LabelledTile tile, double score) {}
    List<Scored> scored = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.open(base, compute)) {
      for (LabelledTile image : images) {
        for (LabelledTile tile : image.cut(settings.tileSize())) {
          float[] p = segmenter.probabilities(tile.image(), tile.organ());
          scored.add(new Scored(tile, score.of(tile.image(), p, base.maskThreshold(tile.organ()))));
        }
      }
    }
    return scored.stream()
        .sorted(Comparator.comparingDouble(Scored::score).reversed())
        .map(Scored::tile)
        .toList();
  }

  private PrecisionRecallCurve curve(Checkpoint model, List<LabelledTile> images) {
    PrecisionRecallCurve curve = PrecisionRecallCurve.EMPTY;
    try (Segmenter segmenter = Segmenter.open(model, compute)) {
      TileSegmenter bounded = BlendingSegmenter.of(segmenter);
      for (LabelledTile image : images) {
        float[] p = bounded.probabilities(image.image(), image.organ());
        curve = curve.plus(PrecisionRecallCurve.of(p, image));
      }
    }
    return curve;
  }

  private FineTuningSettings withSeed(int seed) {
    return settings.fineTuning().toBuilder().optSeed(seed).build();
  }

  private static String note(CorrectionRound round) {
    return String.format(
        Locale.ROOT,
        "half %d seed %d %s: recall %.4f -> %.4f, average precision %+.4f, known %+.4f",
        round.half(),
        round.seed(),
        round.choice(),
        round.recallBefore(),
        round.recallAfter(),
        round.averagePrecisionGain(),
        round.knownGain());
  }
}
