package io.histoflow.loadtests.finetuning;

import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.Table;
import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Measured;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a step of fine-tuning costs beside the bare passes that it learns by. */
@Command(
    name = "fine-tuning",
    description =
        "Time of a step of fine-tuning beside the forward and backward passes of what it changes,"
            + " with distillation, which passes each crop twice, and without. Medians of all steps.",
    mixinStandardHelpOptions = true)
public final class FineTuningBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Checkpoint that learns; without it the light model that ships.")
  private Path model;

  @Option(names = "--rounds", paramLabel = "N", description = "How often all take turns (5).")
  private Integer rounds;

  @Option(names = "--steps", paramLabel = "N", description = "Steps in a turn (6).")
  private Integer steps;

  @Option(names = "--batch", paramLabel = "N", description = "Crops in a step (4).")
  private Integer batch;

  @Option(names = "--crop", paramLabel = "PIXELS", description = "Edge of a crop (256).")
  private Integer crop;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws Exception {
    FineTuningBenchSettings settings = bench.settings(this::settings);
    Checkpoint checkpoint = model == null ? Checkpoint.shipped() : Checkpoint.load(model);
    FineTuningBenchResult result =
        bench.measure(
            0,
            (folder, task) ->
                new FineTuningBench(
                        settings,
                        checkpoint,
                        device.compute(),
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run());
    bench.show(table(result), result.toJson());
    return 0;
  }

  private FineTuningBenchSettings settings() {
    FineTuningBenchSettings defaults = FineTuningBenchSettings.defaults();
    return new FineTuningBenchSettings(
        rounds == null ? defaults.rounds() : rounds,
        steps == null ? defaults.steps() : steps,
        batch == null ? defaults.batchSize() : batch,
        crop == null ? defaults.cropSize() : crop);
  }

  private static Table table(FineTuningBenchResult result) {
    Table table = new Table("fine-tuning", "with distillation", "without");
    row(table, result, "a step, ms", "%.0f", Measured::millisPerStep);
    row(table, result, "its bare passes, ms", "%.0f", Measured::bareMillisPerStep);
    row(table, result, "ratio", "%.2f", Measured::ratio);
    row(table, result, "lowest ratio with what is frozen", "%.2f", Measured::limit);
    row(table, result, "ratio by CPU time", "%.2f", Measured::cpuRatio);
    row(table, result, "the lowest by CPU time", "%.2f", Measured::cpuLimit);
    return table;
  }

  private static void row(
      Table table,
      FineTuningBenchResult result,
      String name,
      String format,
      Function<Measured, Double> figure) {
    table.row(
        name,
        String.format(Locale.ROOT, format, figure.apply(result.distilling())),
        String.format(Locale.ROOT, format, figure.apply(result.plain())));
  }
}
