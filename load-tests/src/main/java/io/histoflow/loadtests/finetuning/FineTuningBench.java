package io.histoflow.loadtests.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Measured;
import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Step;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a step of fine-tuning costs: real rounds of it on synthetic corrections, beside {@link
 * BarePasses} of as many crops, with the distillation that is the default and without. All take
 * turns, so that other work on the machine meets all of them.
 *
 * @param settings what to measure
 * @param checkpoint the model that learns
 * @param compute where it runs
 * @param progress told before each turn
 */
public record FineTuningBench(
    FineTuningBenchSettings settings,
    Checkpoint checkpoint,
    Compute compute,
    ProgressListener progress) {
  private static final String PHASE = "fine-tuning bench";
  private static final String ORGAN = "brain";
  private static final int CORRECTIONS = 16;

  /** The first steps of a turn load weights and find their memory. */
  private static final int WARM_UP = 2;

  /** Runs the benchmark. */
  public FineTuningBenchResult run() {
    List<LabelledTile> corrections = tiles(CORRECTIONS, 2 * settings.cropSize());
    List<LabelledTile> crops = tiles(settings.batchSize(), settings.cropSize());
    // Without FiLM all organs are one, and there is no other to be rehearsed.
    Turns distilling = new Turns(true, checkpoint.config().film() ? 2 : 1);
    Turns plain = new Turns(false, 1);
    try (BarePasses twice = bare(distilling, crops);
        BarePasses once = bare(plain, crops)) {
      for (int round = 0; round < settings.rounds(); round++) {
        turn(round, distilling, twice, corrections, "with distillation");
        turn(round, plain, once, corrections, "without distillation");
      }
    }
    progress.onProgress(PHASE, settings.rounds(), settings.rounds(), "done");
    return new FineTuningBenchResult(
        settings,
        checkpoint.modelId(),
        Runtime.getRuntime().availableProcessors(),
        TensorRuntime.threads(),
        distilling.measured(),
        plain.measured());
  }

  private BarePasses bare(Turns turns, List<LabelledTile> crops) {
    Checkpoint opened = checkpoint.withOrgans(List.of(ORGAN));
    FineTuningSettings round = settings.round(1, turns.distilling);
    return new BarePasses(opened, round, crops, turns.passes, compute);
  }

  private void turn(
      int round, Turns turns, BarePasses bare, List<LabelledTile> corrections, String note) {
    progress.onProgress(PHASE, round, settings.rounds(), note);
    turns.steps.addAll(fineTune(corrections, turns.distilling));
    turns.bare.addAll(repeat(bare, BarePasses::step));
    turns.frozen.addAll(repeat(bare, BarePasses::frozen));
  }

  private List<Step> fineTune(List<LabelledTile> corrections, boolean distilling) {
    StepClock clock = new StepClock();
    clock.begin();
    FineTuning.run(
        checkpoint,
        corrections,
        List.of(),
        settings.round(WARM_UP + settings.steps(), distilling),
        compute,
        (phase, done, total, note) -> clock.end());
    return warm(clock);
  }

  private List<Step> repeat(BarePasses bare, Consumer<BarePasses> work) {
    StepClock clock = new StepClock();
    clock.begin();
    for (int step = 0; step < WARM_UP + settings.steps(); step++) {
      work.accept(bare);
      clock.end();
    }
    return warm(clock);
  }

  private static List<Step> warm(StepClock clock) {
    return clock.steps().subList(WARM_UP, clock.steps().size());
  }

  private static List<LabelledTile> tiles(int count, int side) {
    SyntheticTissue tissue = new SyntheticTissue(1);
    return IntStream.range(0, count).mapToObj(i -> tissue.tile(ORGAN, i, side)).toList();
  }

  /** The steps of all turns of one kind. */
  private static final class Turns {
    private final boolean distilling;
    private final int passes;
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> bare = new ArrayList<>();
    private final List<Step> frozen = new ArrayList<>();

    Turns(boolean distilling, int passes) {
      this.distilling = distilling;
      this.passes = passes;
    }

    Measured measured() {
      return new Measured(passes, steps, bare, frozen);
    }
  }
}
