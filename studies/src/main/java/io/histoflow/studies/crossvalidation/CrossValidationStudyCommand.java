package io.histoflow.studies.crossvalidation;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.studies.options.DataOption;
import io.histoflow.training.CrossValidation;
import io.histoflow.training.FoldModel;
import io.histoflow.training.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the fold models of an earlier cross-validation again. */
@Command(
    name = "cross-validation",
    description = {
      "Measure the fold models of 'train --folds' on the images that each has not seen, at"
          + " thresholds calibrated on the other folds.",
      "The images must be those of the training, their masks may be others: aligned, for example,"
          + " or as they were published."
    },
    mixinStandardHelpOptions = true)
public final class CrossValidationStudyCommand implements Callable<Integer>, Computation {
  @Mixin private DataOption data;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "The --work folder of 'train --folds': its fold-1, fold-2, ... are read.")
  private Path work;

  @Mixin private PlotOption plot;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Terminal terminal = Terminal.standard();
    TrainingData images = new TrainingData(data.sets(terminal), "measured only");
    CrossValidationResult result = measure(images, terminal);
    json.show(
        "%s%n%s%n".formatted(CrossValidationTable.of(result), result.thresholds().describe()),
        result.toJson());
    plot.draw(file -> CrossValidationPlot.write(file, result));
    return 0;
  }

  private CrossValidationResult measure(TrainingData images, Terminal terminal)
      throws IOException, CheckpointRejectedException {
    try (Task task = terminal.start("study cross-validation", images.tiles().size())) {
      List<FoldModel> models = CrossValidation.read(work, images.tiles());
      return new CrossValidationStudy(Calibration.standard(), device.compute())
          .run(images, models, task);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailedException("The folds cannot be measured: " + e.getMessage(), e);
    }
  }
}
