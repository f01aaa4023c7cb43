package io.histoflow.loadtests.finetuning;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Measured;
import io.histoflow.loadtests.measuring.Bench;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a step of fine-tuning costs beside the bare passes that it learns by. */
@Command(
    name = "fine-tuning",
    description =
        "Time of a step of fine-tuning beside the forward and backward passes of what it changes,"
            + " with distillation, which passes each crop twice, and without. Medians of all"
            + " steps.",
    mixinStandardHelpOptions = true)
public final class FineTuningBenchCommand
    extends Bench<FineTuningBenchSettings, FineTuningBenchResult> {
  private static final FineTuningBenchSettings DEFAULTS = FineTuningBenchSettings.defaults();

  @Mixin private ModelOption model;

  @Option(names = "--rounds", paramLabel = "N", description = "How often all take turns (5).")
  private int rounds = DEFAULTS.rounds();

  @Option(names = "--steps", paramLabel = "N", description = "Steps in a turn (6).")
  private int steps = DEFAULTS.steps();

  @Option(names = "--batch", paramLabel = "N", description = "Crops in a step (4).")
  private int batch = DEFAULTS.batchSize();

  @Option(names = "--crop", paramLabel = "PIXELS", description = "Edge of a crop (256).")
  private int crop = DEFAULTS.cropSize();

  @Mixin private DeviceOption device;

  @Override
  protected FineTuningBenchSettings settings() {
    return new FineTuningBenchSettings(rounds, steps, batch, crop);
  }

  @Override
  protected FineTuningBenchResult measure(FineTuningBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new FineTuningBench(settings, model.load(), device.compute(), task).run();
  }

  @Override
  protected Table table(FineTuningBenchResult result) {
    Table table = new Table("fine-tuning", "with distillation", "without");
    row(table, "a step, ms", result, measured -> text("%.0f", measured.millisPerStep()));
    row(table, "its bare passes, ms", result, m -> text("%.0f", m.bareMillisPerStep()));
    row(table, "ratio", result, measured -> measured.ratio().text());
    row(table, "lowest ratio with what is frozen", result, m -> text("%.2f", m.limit()));
    row(table, "ratio by CPU time", result, measured -> measured.cpuRatio().text());
    row(table, "the lowest by CPU time", result, m -> text("%.2f", m.cpuLimit()));
    return table;
  }

  private static void row(
      Table table, String name, FineTuningBenchResult result, Function<Measured, String> figure) {
    table.row(name, figure.apply(result.distilling()), figure.apply(result.plain()));
  }
}
