package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.training.augmentation.AugmentationSettings;
import io.histoflow.training.loss.HistoLoss;
import io.histoflow.training.loss.HistoLossSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Learns from corrections: trains decoder and conditioning of a model and nothing else. The encoder
 * stays bit-identical, its BatchNorm keeps its statistics.
 *
 * <p>An organ that the model did not know gets an embedding of its own and is segmented as unknown
 * to begin with. The conditioning of organs that are not corrected stays as it is ({@link
 * OrganProtection}), so how the model segments them changes only by what the decoder learns.
 */
public final class FineTuning {

  private static final int WARMUP_STEPS = 3;

  /** Largest global norm of the gradients. */
  private static final double CLIP_NORM = 1;

  private static final String EMBEDDING = "embedding.weight";

  private FineTuning() {}

  /**
   * Runs one round.
   *
   * @param base model to start from
   * @param corrections what is to be learned, at least one
   * @param replay earlier corrections, drawn as often as the settings say so that they are not
   *     forgotten; may be empty
   * @throws IllegalArgumentException where there are no corrections
   * @throws IllegalStateException where the loss diverges
   */
  public static FineTuned run(
      Checkpoint base,
      List<LabelledTile> corrections,
      List<LabelledTile> replay,
      FineTuningSettings settings,
      Compute compute,
      ProgressListener progress) {
    if (corrections.isEmpty()) {
      throw new IllegalArgumentException("fine-tuning needs at least one correction");
    }
    requireLearning(base);
    Checkpoint start =
        OrganProtection.open(base, corrections.stream().map(LabelledTile::organ).toList());
    TileDraw fresh = TileDraw.byOrgan(corrections);
    TileDraw old = replay.isEmpty() ? null : TileDraw.byOrgan(replay);
    LearningRateSchedule schedule = new LearningRateSchedule(1, WARMUP_STEPS);
    Set<Integer> taught = taught(start, corrections, replay, settings);
    List<Integer> rehearsed = rehearsed(start, taught);
    double first = 0;
    double last = 0;
    try (TrainingLoop loop =
            new TrainingLoop(
                (weights, manager) ->
                    Network.forFineTuning(weights, manager, settings.trainNormalisation()),
                start.weights(),
                spec -> moves(spec, settings),
                new HistoLoss(HistoLossSettings.paper()),
                0,
                CLIP_NORM,
                settings.averageDecay(),
                compute);
        BatchAhead batches =
            new BatchAhead(step -> batch(fresh, old, start.config(), rehearsed, settings, step))) {
      if (start.config().film()) {
        loop.protect(start.weights(), taught, base.config().organs().size(), settings.knownShare());
      }
      if (!rehearsed.isEmpty() && settings.distillation() > 0 && settings.learningRate() > 0) {
        loop.rehearse(start.weights(), settings.distillation());
      }
      for (int step = 0; step < settings.steps(); step++) {
        double factor = schedule.at(step, (double) step / settings.steps());
        last =
            loop.step(
                batches.take(step),
                name ->
                    factor
                        * (isConditioning(name)
                            ? settings.conditioningRate()
                            : settings.learningRate()));
        first = step == 0 ? last : first;
        progress.onProgress("fine-tune", step + 1L, settings.steps(), "loss %.3f".formatted(last));
      }
      Checkpoint candidate =
          new Checkpoint(
              loop.averaged(),
              base.metadata()
                  .with(base.version() + 1, base.thresholds().carriedOver(base.maskThreshold())));
      if (!candidate.encoderFingerprint().equals(base.encoderFingerprint())) {
        throw new IllegalStateException("fine-tuning changed the encoder, which it must not");
      }
      return new FineTuned(candidate, newOrgans(base, start), first, last);
    }
  }

  /**
   * Refuses a model of which fine-tuning can change nothing.
   *
   * @throws IllegalArgumentException in a sentence that says so
   */
  public static void requireLearning(Checkpoint model) {
    if (!model.config().learnsFromCorrections()) {
      throw new IllegalArgumentException(
          "the model %s can be served but not fine-tuned: %s declares no decoder that may learn"
              .formatted(model.modelId(), model.config().name()));
    }
  }

  /** Tells whether a round with these settings may change a parameter. */
  public static boolean moves(ParameterSpec spec, FineTuningSettings settings) {
    return switch (spec.group()) {
      case ENCODER -> false;
      case CONDITIONING -> settings.conditioningRate() > 0 && isConditioning(spec.name());
      case DECODER -> settings.learningRate() > 0;
    };
  }

  /** FiLM's biases are the same for all organs, so they stay as they are. */
  private static boolean isConditioning(String name) {
    return name.equals(EMBEDDING) || OrganProtection.isFilmWeight(name);
  }

  /** Returns the rows of the embedding that the corrections teach. */
  private static Set<Integer> taught(
      Checkpoint start,
      List<LabelledTile> corrections,
      List<LabelledTile> replay,
      FineTuningSettings settings) {
    Set<Integer> taught = new HashSet<>();
    corrections.forEach(tile -> taught.add(start.config().indexOf(tile.organ())));
    replay.forEach(tile -> taught.add(start.config().indexOf(tile.organ())));
    if (settings.organDropout() > 0) {
      taught.add(0);
    }
    return taught;
  }

  /** Returns the rows of all organs that no tile is of. */
  private static List<Integer> rehearsed(Checkpoint start, Set<Integer> taught) {
    return IntStream.range(0, start.config().organs().size())
        .filter(row -> start.config().film() && !taught.contains(row))
        .boxed()
        .toList();
  }

  private static TrainingBatch batch(
      TileDraw fresh,
      TileDraw old,
      Architecture config,
      List<Integer> rehearsed,
      FineTuningSettings settings,
      long step) {
    SplittableRandom random = new SplittableRandom(settings.seed() * 1_000_003 + step);
    TrainingBatch batch =
        TrainingBatch.draw(
            tiles(fresh, old, settings, random),
            config,
            settings.cropSize(),
            AugmentationSettings.gentle(settings.stainJitter()),
            settings.organDropout(),
            random);
    return rehearsed.isEmpty() ? batch : batch.rehearsing(rehearsed, random);
  }

  private static List<LabelledTile> tiles(
      TileDraw fresh, TileDraw old, FineTuningSettings settings, SplittableRandom random) {
    int replayed = 0;
    for (int i = 0; old != null && i < settings.batchSize(); i++) {
      replayed += random.nextDouble() < settings.replayShare() ? 1 : 0;
    }
    List<LabelledTile> tiles = new ArrayList<>(fresh.draw(settings.batchSize() - replayed, random));
    if (replayed > 0) {
      tiles.addAll(old.draw(replayed, random));
    }
    return tiles;
  }

  private static List<String> newOrgans(Checkpoint base, Checkpoint grown) {
    return grown
        .config()
        .organs()
        .subList(base.config().organs().size(), grown.config().organs().size());
  }
}
