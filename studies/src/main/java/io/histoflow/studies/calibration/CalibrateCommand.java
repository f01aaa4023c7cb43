package io.histoflow.studies.calibration;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Subcommand;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.thresholds.RiskControl;
import io.histoflow.studies.evaluation.ModelEvaluation;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.OnlyOption;
import io.histoflow.studies.options.ResolutionOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gives a checkpoint mask thresholds with a guarantee on recall. */
@Command(
    name = "calibrate",
    description = {
      "Choose a model's mask thresholds so that the expected false-negative rate stays at or"
          + " under a level, by conformal risk control on images that the model has not learned"
          + " from.",
      "'histoflow weights calibrate' does so for a running cluster, on tiles that chance drew"
          + " there."
    },
    mixinStandardHelpOptions = true)
public final class CalibrateCommand implements Callable<Integer>, Computation, Subcommand {
  @Mixin private DataOption data;

  @Mixin private OnlyOption only;

  @Mixin private ResolutionOption resolution;

  @Mixin private ModelOption model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the calibrated checkpoint goes (.safetensors).")
  private Path out;

  @Option(
      names = "--level",
      paramLabel = "RATE",
      description =
          "Highest expected false-negative rate, above 0 and below 1 (that of the"
              + " model's thresholds, 0.08 where they have none).")
  private Double level;

  @Option(
      names = "--minimum-units",
      paramLabel = "N",
      description =
          "Fewest images with a positive pixel for an organ's own threshold (20); other organs use"
              + " the pooled one.")
  private int minimumUnits = Calibration.STANDARD_MINIMUM_UNITS;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Checkpoint checkpoint = model.load();
    Calibration calibration = calibration(checkpoint);
    OptionalDouble microns = resolution.of(checkpoint.resolution());
    List<Sample> samples = only.of(data.open().at(microns));
    Evaluation evaluation;
    Terminal terminal = Terminal.standard();
    try (Task task = terminal.start("calibrate", samples.size());
        ModelEvaluation model =
            ModelEvaluation.open(checkpoint, device.compute(), Precision.FP32, false)) {
      evaluation = model.evaluate(samples, checkpoint.thresholds(), task);
    }
    ModelCalibration calibrated =
        ModelCalibration.of(evaluation, calibration)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        calibration.whyNone(ModelCalibration.units(evaluation))));
    Files.createDirectories(out.toAbsolutePath().getParent());
    checkpoint.with(checkpoint.version(), calibrated.thresholds()).save(out);
    terminal.say(table(calibrated).toString());
    terminal.say(calibrated.thresholds().describe());
    terminal.say(checkpoint.resolution().describe(microns));
    ObjectNode result = calibrated.toJson();
    json.show(result.toPrettyString() + System.lineSeparator(), result);
    return 0;
  }

  private Calibration calibration(Checkpoint checkpoint) {
    RiskControl own = checkpoint.thresholds().control();
    try {
      return new Calibration(level == null ? own : new RiskControl(level), minimumUnits);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--level %s --minimum-units %d: %s."
              .formatted(level == null ? own.level() : level, minimumUnits, e.getMessage()),
          e);
    }
  }

  private static Table table(ModelCalibration calibrated) {
    Table table = new Table("organ", "units", "threshold", "", "FNR", "precision", "Dice");
    calibrated.organs().forEach(row -> add(table, row, row.own() ? "own" : "pooled"));
    add(table, calibrated.pooled(), "");
    return table;
  }

  private static void add(Table table, ModelCalibration.Row row, String whose) {
    table.row(
        row.name(),
        row.units(),
        text("%.3f", row.threshold()),
        whose,
        text("%.3f", row.falseNegativeRate()),
        text("%.3f", row.precision()),
        text("%.3f", row.dice()));
  }
}
