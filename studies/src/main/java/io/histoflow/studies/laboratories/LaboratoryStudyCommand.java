package io.histoflow.studies.laboratories;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.StoppedException;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.evaluation.Summary;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.studies.training.StepProgress;
import io.histoflow.studies.training.TrainingDataOptions;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingSet;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What recall is worth in a laboratory that a model never saw. */
@Command(
    name = "laboratories",
    description =
        "Train on all data sets but one and measure on that one, beside the present model; one"
            + " training for each set that is left out.",
    mixinStandardHelpOptions = true)
public final class LaboratoryStudyCommand implements Callable<Integer>, Computation {
  @Mixin private TrainingDataOptions data;

  @Option(
      names = "--leave-out",
      paramLabel = "DATASET",
      description = "Leave out only this one of --data; without it each in turn.")
  private String leaveOut;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "Keep the trainings here; a stopped study goes on from them.")
  private Path work;

  @Option(
      names = "--width",
      defaultValue = "16",
      description = "Channels of the first stage (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--steps",
      defaultValue = "2800",
      description = "Steps of each training, of 4 crops of 256 pixels (${DEFAULT-VALUE}).")
  private int steps;

  @Mixin private ModelOption model;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Terminal terminal = Terminal.standard();
    Checkpoint present = model.load();
    TrainingData images = data.load("a study: not for use", terminal);
    List<TrainingSet> left =
        images.sets().stream()
            .filter(set -> leaveOut == null || set.name().equals(leaveOut))
            .toList();
    if (left.isEmpty()) {
      throw new CommandFailedException(
          "--leave-out %s is none of the data sets: name one of %s as --data does."
              .formatted(leaveOut, images.about()));
    }
    List<LeftOut> results = new ArrayList<>();
    try {
      TrainingSettings settings =
          TrainingSettings.builder().optWidth(width).optMaxSteps(steps).build();
      LaboratoryStudy study =
          new LaboratoryStudy(images, settings, present, device.compute(), work);
      for (TrainingSet set : left) {
        try (Task task = terminal.start("without " + set.name(), steps)) {
          results.add(study.leaveOut(set, new StepProgress(task, steps)));
        }
      }
    } catch (StoppedException e) {
      throw e.saying("Stopped; the same command goes on from what is in %s.".formatted(work));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailedException("The study failed: " + e.getMessage(), e);
    }
    json.show(table(results).toString(), json(results));
    return 0;
  }

  private static Table table(List<LeftOut> results) {
    Table table =
        new Table(
            "laboratory, model",
            "images",
            "recall",
            "precision",
            "Dice",
            "recall, all pixels",
            "precision",
            "Dice",
            "avg. precision");
    for (LeftOut result : results) {
      row(table, result.laboratory() + ", present", result.present());
      row(
          table,
          text("%s, left out (threshold %.3f)", result.laboratory(), result.threshold()),
          result.leftOut());
    }
    return table;
  }

  private static void row(Table table, String name, Summary summary) {
    table.row(
        name,
        String.valueOf(summary.images()),
        text("%.3f", summary.recall().mean()),
        text("%.3f", summary.precision().mean()),
        text("%.3f", summary.dice().mean()),
        text("%.3f", summary.micro().recall()),
        text("%.3f", summary.micro().precision()),
        text("%.3f", summary.micro().dice()),
        text("%.4f", summary.curve().averagePrecision()));
  }

  private ObjectNode json(List<LeftOut> results) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("width", width);
    json.put("steps", steps);
    json.put("wantedRecall", LaboratoryStudy.WANTED_RECALL);
    ArrayNode rows = json.putArray("laboratories");
    results.forEach(result -> rows.add(result.toJson()));
    return json;
  }
}
