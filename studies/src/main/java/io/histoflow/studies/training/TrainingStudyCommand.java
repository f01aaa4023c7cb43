package io.histoflow.studies.training;

import static io.histoflow.commandline.Figures.text;
import static io.histoflow.studies.evaluation.EvaluationTable.spread;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.studies.training.TrainingStudyResult.Row;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The studies that train variants of the network; small by default, so that one ends in an hour.
 */
public abstract class TrainingStudyCommand implements Callable<Integer>, Computation {
  private static final double HELD_OUT = 0.25;

  @Mixin private TrainingDataOptions data;

  @Option(
      names = "--width",
      defaultValue = "8",
      description = "Channels of the first stage (${DEFAULT-VALUE}; the paper has 64).")
  private int width;

  @Option(
      names = "--steps",
      defaultValue = "400",
      description = "Steps of each training, of 8 crops of 128 pixels (${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--seeds",
      defaultValue = "3",
      description = "Trainings of each variant (${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--colour",
      defaultValue = "haematoxylin",
      description =
          "What the network sees of colours: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}); the study"
              + " of colour tries them all.")
  private InputColour colour;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Keep the trainings here, so that a stopped study goes on.")
  private Path work;

  @Mixin private PlotOption plot;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  private final Function<TrainingSettings, List<TrainingVariant>> variants;

  TrainingStudyCommand(Function<TrainingSettings, List<TrainingVariant>> variants) {
    this.variants = variants;
  }

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Terminal terminal = Terminal.standard();
    TrainingData images = data.load("a study: not for use", terminal);
    TrainingStudyResult result;
    try (TemporaryFolder temporary = TemporaryFolder.create("histoflow-study-");
        Task task = terminal.start("study " + spec.name(), 0)) {
      result =
          new TrainingStudy(
                  images, HELD_OUT, seeds, device.compute(), work == null ? temporary.path() : work)
              .run(spec.name(), variants.apply(settings()), task);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("The study cannot start: " + e.getMessage(), e);
    }
    String about =
        text(
            "%d images of %s trained on, %d of other patients measured at threshold 0.5; width %d,"
                + " %d steps, mean ± SD over %d seeds. The paper's figures are of its own data.%n",
            result.trainingImages(),
            result.data(),
            result.heldOutImages(),
            result.width(),
            result.steps(),
            result.seeds());
    json.show(table(result) + about, result.toJson());
    plot.draw(file -> TrainingStudyPlot.write(file, result));
    return 0;
  }

  private TrainingSettings settings() {
    return TrainingSettings.builder()
        .optWidth(width)
        .optInputColour(colour)
        .optCropSize(128)
        .optBatchSize(8)
        .optMaxSteps(steps)
        .optWarmupSteps(Math.min(50, steps / 4))
        .optAverageDecay(0.98)
        .build();
  }

  private static Table table(TrainingStudyResult result) {
    Table table =
        new Table(
            "variant",
            "M",
            "recall",
            "precision",
            "Dice",
            "IoU",
            "Dice at recall " + TrainingStudyResult.MATCHED_RECALL,
            "avg. precision",
            "paper: recall",
            "precision",
            "Dice",
            "IoU");
    for (Row row : result.rows()) {
      PaperFigures paper = row.paper();
      table.row(
          row.name(),
          text("%.4f", row.parameters() / 1e6),
          spread(row.recall()),
          spread(row.precision()),
          spread(row.dice()),
          spread(row.iou()),
          spread(row.diceAtRecall()),
          spread(row.averagePrecision()),
          text("%.4f", paper.recall()),
          text("%.4f", paper.precision()),
          text("%.4f", paper.dice()),
          text("%.4f", paper.iou()));
    }
    return table;
  }

  /** Which parts of the network earn their place. */
  @Command(
      name = "ablation",
      description =
          "Train with and without squeeze-and-excitation, FiLM and edge branch: eight rows.",
      mixinStandardHelpOptions = true)
  public static final class Ablation extends TrainingStudyCommand {
    Ablation() {
      super(TrainingStudies::ablation);
    }
  }

  /** How long an organ's embedding should be. */
  @Command(
      name = "embedding",
      description =
          "Train with embeddings of 16, 32, 64, 128 and 256; the paper's best are 32, 64.",
      mixinStandardHelpOptions = true)
  public static final class Embedding extends TrainingStudyCommand {
    Embedding() {
      super(TrainingStudies::embedding);
    }
  }

  /** How BCE and Tversky should share the loss. */
  @Command(
      name = "loss",
      description = "Train with BCE : Tversky from 0.2 : 0.8 to 0.8 : 0.2; the paper's best: 0.3.",
      mixinStandardHelpOptions = true)
  public static final class Loss extends TrainingStudyCommand {
    Loss() {
      super(TrainingStudies::loss);
    }
  }

  /** What the network should see of colours. */
  @Command(
      name = "colour",
      description = "Train with each way to show the network a tile's colours.",
      mixinStandardHelpOptions = true)
  public static final class Colour extends TrainingStudyCommand {
    Colour() {
      super(TrainingStudies::colour);
    }
  }
}
