package io.histoflow.launcher;

import io.histoflow.launcher.console.Table;
import io.histoflow.launcher.console.Terminal;
import io.histoflow.launcher.console.Terminal.Task;
import io.histoflow.launcher.model.ModelEvaluation;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.dataset.Dataset;
import io.histoflow.segmentation.evaluation.Evaluation;
import io.histoflow.segmentation.evaluation.Spread;
import io.histoflow.segmentation.evaluation.Summary;
import io.histoflow.segmentation.inference.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How good a model is on images with known masks. */
@Command(
    name = "evaluate",
    description = "Measure a model on data sets with known masks, at its stored mask thresholds.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
  private List<Path> data;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Checkpoint to measure; without it the light model that ships.")
  private Path model;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the JSON, which standard output gets in any case, to this file too.")
  private Path json;

  @Option(
      names = "--device",
      defaultValue = "auto",
      converter = ComputeConverter.class,
      description = "Where the network runs: auto, cpu or gpu (${DEFAULT-VALUE}).")
  private Compute device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Checkpoint checkpoint = model == null ? Checkpoint.shipped() : Checkpoint.load(model);
    Dataset dataset = Dataset.open(data);
    Evaluation evaluation;
    Terminal terminal = Terminal.standard();
    try (Task task = terminal.start("evaluate", dataset.samples().size())) {
      evaluation =
          ModelEvaluation.of(
              checkpoint,
              device,
              dataset.samples(),
              (phase, done, total, note) -> task.update(done, total, note));
    }
    String text = evaluation.toJsonText();
    terminal.say(table(evaluation).toString());
    spec.commandLine().getOut().println(text);
    if (json != null) {
      Files.writeString(json, text + "\n");
    }
    return 0;
  }

  private static Table table(Evaluation evaluation) {
    Table table = new Table("organ", "images", "recall", "precision", "Dice", "IoU");
    evaluation.organs().forEach((organ, summary) -> add(table, organ, summary));
    add(table, "all", evaluation.overall());
    return table;
  }

  private static void add(Table table, String name, Summary summary) {
    table.row(
        name,
        summary.images(),
        text(summary.recall()),
        text(summary.precision()),
        text(summary.dice()),
        text(summary.iou()));
  }

  private static String text(Spread spread) {
    return String.format(Locale.ROOT, "%.3f ± %.3f", spread.mean(), spread.sd());
  }
}
