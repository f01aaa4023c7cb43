package io.histoflow.studies.paper;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.StoppedException;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.evaluation.MatchedComparison;
import io.histoflow.evaluation.Summary;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.studies.training.StepProgress;
import io.histoflow.studies.training.TrainingDataOptions;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The paper's experiment on data like the paper's. */
@Command(
    name = "paper",
    description = {
      "Repeat the paper's experiment: train, correct the most uncertain tiles of each organ, learn"
          + " from them, measure images that neither has seen.",
      "Made for NuInsSeg, which has one slide an organ: each is cut into contiguous blocks before"
          + " augmentation. So the figures say how the method fares in laboratories that it knows,"
          + " and nothing of other patients."
    },
    mixinStandardHelpOptions = true)
public final class PaperStudyCommand implements Callable<Integer>, Computation {
  @Mixin private TrainingDataOptions data;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "Keep the training here; a stopped study goes on from it.")
  private Path work;

  @Option(
      names = "--width",
      defaultValue = "16",
      description = "Channels of the first stage (${DEFAULT-VALUE}; the paper has 64).")
  private int width;

  @Option(
      names = "--steps",
      defaultValue = "2800",
      description = "Steps of the training, of 4 crops of 256 pixels (${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--share",
      defaultValue = "0.2",
      description = "Share of each organ's tiles that is corrected (${DEFAULT-VALUE}).")
  private double share;

  @Option(
      names = "--tile-size",
      paramLabel = "PIXELS",
      defaultValue = "256",
      description = "Edge of a tile (${DEFAULT-VALUE}).")
  private int tileSize;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Terminal terminal = Terminal.standard();
    TrainingData images = data.load("a study: not for use", terminal);
    PaperResult result;
    try (Task task = terminal.start("train", steps)) {
      PaperStudy study =
          new PaperStudy(
              images,
              TrainingSettings.builder().optWidth(width).optMaxSteps(steps).build(),
              FineTuningSettings.builder().build(),
              share,
              tileSize,
              device.compute(),
              work);
      result = study.run(new StepProgress(task, steps), task);
    } catch (StoppedException e) {
      throw e.saying("Stopped; the same command goes on from what is in %s.".formatted(work));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailedException("The study failed: " + e.getMessage(), e);
    }
    json.show(figures(result) + "\n" + organs(result) + "\n" + about(result), result.toJson());
    return 0;
  }

  private static Table figures(PaperResult result) {
    Table table = new Table("figure", "before", "after", "paper before", "paper after");
    Summary before = result.before().overall();
    Summary after = result.after().overall();
    table.row(
        "recall, mean over images",
        text("%.4f", before.recall().mean()),
        text("%.4f", after.recall().mean()),
        text("%.4f", PaperResult.PAPER_RECALL_BEFORE),
        text("%.4f", PaperResult.PAPER_RECALL_AFTER));
    row(table, "precision", before.precision().mean(), after.precision().mean());
    row(table, "Dice", before.dice().mean(), after.dice().mean());
    row(table, "IoU", before.iou().mean(), after.iou().mean());
    row(table, "recall, all pixels", before.micro().recall(), after.micro().recall());
    row(table, "precision", before.micro().precision(), after.micro().precision());
    row(table, "Dice", before.micro().dice(), after.micro().dice());
    MatchedComparison matched = result.matched();
    row(
        table,
        text("recall at precision %.4f", matched.matchedPrecision()),
        matched.recallBefore(),
        matched.recallAfter());
    row(
        table,
        "average precision",
        before.curve().averagePrecision(),
        after.curve().averagePrecision());
    return table;
  }

  private static void row(Table table, String name, double before, double after) {
    table.row(name, text("%.4f", before), text("%.4f", after), "", "");
  }

  private static Table organs(PaperResult result) {
    Table table = new Table("organ", "images", "recall before", "after", "Dice before", "after");
    Map<String, Summary> after = result.after().organs();
    result
        .before()
        .organs()
        .forEach(
            (organ, summary) ->
                table.row(
                    organ,
                    summary.images(),
                    text("%.3f", summary.recall().mean()),
                    text("%.3f", after.get(organ).recall().mean()),
                    text("%.3f", summary.dice().mean()),
                    text("%.3f", after.get(organ).dice().mean())));
    return table;
  }

  private String about(PaperResult result) {
    return text(
        "Width %d, %d steps on %d images; %d tiles of %d other images corrected; %d more images"
            + " measured at threshold %.1f.%n",
        width,
        steps,
        result.trainingImages(),
        result.correctedTiles(),
        result.poolImages(),
        result.before().results().size(),
        PaperStudy.THRESHOLD);
  }
}
