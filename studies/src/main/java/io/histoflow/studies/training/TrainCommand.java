package io.histoflow.studies.training;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.StoppedException;
import io.histoflow.commandline.Subcommand;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.segmentation.architectures.KnownArchitecture;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.studies.crossvalidation.CrossValidationPlot;
import io.histoflow.studies.crossvalidation.CrossValidationResult;
import io.histoflow.studies.crossvalidation.CrossValidationStudy;
import io.histoflow.studies.crossvalidation.CrossValidationTable;
import io.histoflow.training.CrossValidation;
import io.histoflow.training.Training;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSettings;
import io.histoflow.training.ValidationPoint;
import io.histoflow.training.loss.HistoLossSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a network on data sets with masks. */
@Command(
    name = "train",
    description = "Train a network on data sets with masks; stopped and started again it goes on.",
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer>, Computation, Subcommand {
  private static final int STEPS_OF_PROGRESS = 1000;

  @Mixin private TrainingDataOptions data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the best checkpoint goes (.safetensors).")
  private Path out;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where state and learning curve are kept (FILE.training).")
  private Path work;

  @Option(
      names = "--architecture",
      defaultValue = "clinsegnet",
      converter = ArchitectureConverter.class,
      description = "The kind of network: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private KnownArchitecture architecture;

  @Option(
      names = "--width",
      defaultValue = "16",
      description = "Channels of the first stage: 16 is the light model, 64 the paper's (16).")
  private int width;

  @ArgGroup private Length length;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Highest learning rate of the schedule.")
  private Double learningRate;

  @Option(names = "--batch", paramLabel = "N", description = "Crops of 256 pixels per step.")
  private Integer batch;

  @Option(
      names = "--validate-every",
      paramLabel = "STEPS",
      description = "Steps between measurements on the held-out patients (200).")
  private Integer validateEvery;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after N measurements that were no better (0: never).")
  private Integer patience;

  @Option(
      names = "--hold-out",
      paramLabel = "SHARE",
      description =
          "Share of each organ's images in each data set that is held out by patient, 0 up to below"
              + " 1 (0.2).")
  private Double holdOut;

  @Option(
      names = "--folds",
      paramLabel = "N",
      description =
          "Cross-validate by patient in N folds, then train on all images with the same recipe.")
  private Integer folds;

  @Option(
      names = "--fold",
      paramLabel = "K",
      description =
          "With --folds: train only the model of fold K, or 0 for that of all images, into --work;"
              + " a later run without this option takes up what is there.")
  private Integer fold;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "Start from the last model in this --work folder of an earlier run that held out the same"
              + " images (with --folds from each fold's); a narrower network is widened.")
  private Path from;

  @Option(
      names = "--colour",
      defaultValue = "haematoxylin",
      description =
          "What the network sees of colours: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private InputColour colour;

  @Option(
      names = "--bce-share",
      paramLabel = "SHARE",
      description =
          "Share of binary cross-entropy in the loss, 0 to 1; the rest is Tversky, which favours"
              + " recall (0.3, the paper's best).")
  private Float bceShare;

  @Option(
      names = "--half",
      description = "Keep convolutions in half precision, which halves the file.")
  private boolean half;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--mpp",
      paramLabel = "MICRONS",
      description =
          "Micrometres per pixel of the images, kept in the checkpoint: inference resamples tiles"
              + " of other resolutions to it.")
  private Double micronsPerPixel;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "Licence of the weights, kept in the checkpoint; follows from the data's.",
      defaultValue = "not stated: check the licences of the training data")
  private String licence;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  /** So many steps, passes over the data or minutes. */
  static final class Length {
    @Option(names = "--steps", paramLabel = "N", description = "Train for N steps (2800).")
    private Integer steps;

    @Option(
        names = "--epochs",
        paramLabel = "N",
        description = "Train until crops have covered the data's area N times.")
    private Integer epochs;

    @Option(names = "--minutes", paramLabel = "N", description = "Train for N minutes.")
    private Integer minutes;
  }

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    if (fold != null && folds == null) {
      throw new ParameterException(
          spec.commandLine(), "--fold names one of the folds of --folds N, which is missing.");
    }
    if (micronsPerPixel != null
        && !(micronsPerPixel >= ModelResolution.FINEST
            && micronsPerPixel <= ModelResolution.COARSEST)) {
      throw new ParameterException(
          spec.commandLine(),
          "--mpp must be %s to %s, not %s"
              .formatted(ModelResolution.FINEST, ModelResolution.COARSEST, micronsPerPixel));
    }
    Terminal terminal = Terminal.standard();
    TrainingData images = data.load(licence, terminal);
    TrainingSettings settings = settings(images.tiles());
    Path folder = work == null ? Path.of(out + ".training") : work;
    try (Task task = terminal.start("train", STEPS_OF_PROGRESS)) {
      Report report = new Report(task, terminal);
      if (folds != null) {
        crossValidate(
            images,
            new CrossValidation(
                images, folds, settings, Optional.ofNullable(from), device.compute(), folder),
            folder,
            report);
      } else {
        Checkpoint best =
            Training.run(
                    images,
                    images.split(settings.validationShare(), settings.seed()),
                    settings,
                    Optional.ofNullable(from),
                    device.compute(),
                    folder,
                    report)
                .best();
        save(half ? best.roundedToHalf() : best);
      }
    } catch (StoppedException e) {
      throw e.saying(
          "Stopped; what was learned is kept in %s, and the same command goes on from there."
              .formatted(folder));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailedException("Training failed: " + e.getMessage(), e);
    }
    terminal.say("Learning curve and state: " + folder);
    return 0;
  }

  private void crossValidate(
      TrainingData images, CrossValidation validation, Path folder, Report report)
      throws IOException, CheckpointRejectedException {
    if (fold != null && fold > 0) {
      validation.fold(fold, report);
      return;
    }
    Checkpoint whole = validation.whole(report).last();
    if (fold != null) {
      return;
    }
    CrossValidationResult result =
        new CrossValidationStudy(Calibration.standard(), device.compute())
            .run(images, validation.all(report), report.task());
    Path json = folder.resolve("cross-validation.json");
    Files.writeString(json, result.toJson().toPrettyString() + "\n");
    CrossValidationPlot.write(folder.resolve("cross-validation.png"), result);
    report.terminal().say(CrossValidationTable.of(result).toString());
    report.terminal().say(result.thresholds().describe());
    report.terminal().say("Every image: " + json + ", picture beside it");
    // Rounded first: thresholds lose their guarantee when weights change after them.
    Checkpoint kept = half ? whole.roundedToHalf() : whole;
    save(
        new Checkpoint(
            kept.weights(),
            new CheckpointMetadata(
                0, result.thresholds(), images.about(), licence, result.metrics())));
  }

  private void save(Checkpoint checkpoint) throws IOException {
    Files.createDirectories(out.toAbsolutePath().getParent());
    Checkpoint named =
        micronsPerPixel == null
            ? checkpoint
            : new Checkpoint(
                checkpoint.weights(), checkpoint.metadata().withMicronsPerPixel(micronsPerPixel));
    named.save(out);
  }

  private TrainingSettings settings(List<LabelledTile> images) {
    try {
      TrainingSettings.Builder builder = TrainingSettings.builder().optWidth(width).optSeed(seed);
      builder.optArchitecture(architecture).optInputColour(colour);
      if (learningRate != null) {
        builder.optLearningRate(learningRate);
      }
      if (batch != null) {
        builder.optBatchSize(batch);
      }
      if (bceShare != null) {
        builder.optLoss(HistoLossSettings.paper().withBceShare(bceShare));
      }
      if (holdOut != null) {
        builder.optValidationShare(holdOut);
      }
      if (validateEvery != null) {
        builder.optValidateEvery(validateEvery);
      }
      if (patience != null) {
        builder.optPatience(patience);
      }
      if (length != null && length.steps != null) {
        builder.optMaxSteps(length.steps);
      }
      if (length != null && length.minutes != null) {
        builder.optMaxDuration(Duration.ofMinutes(length.minutes)).optMaxSteps(Integer.MAX_VALUE);
      }
      TrainingSettings settings = builder.build();
      if (length != null && length.epochs != null) {
        settings = builder.optMaxSteps(steps(images, settings, length.epochs)).build();
      }
      return settings;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("Training cannot start: " + e.getMessage(), e);
    }
  }

  private static int steps(List<LabelledTile> images, TrainingSettings settings, int epochs) {
    long pixels =
        images.stream().mapToLong(i -> (long) i.image().width() * i.image().height()).sum();
    double training = pixels * (1 - settings.validationShare());
    double stepPixels = (double) settings.batchSize() * settings.cropSize() * settings.cropSize();
    return (int)
        Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(epochs * training / stepPixels)));
  }

  /** Tells a terminal how training goes. */
  private record Report(Task task, Terminal terminal) implements TrainingProgress {
    @Override
    public void onStep(long step, double share, double loss, double rate) {
      task.update(
          Math.round(share * STEPS_OF_PROGRESS),
          STEPS_OF_PROGRESS,
          String.format(Locale.ROOT, "step %d loss %.3f", step, loss));
    }

    @Override
    public void onValidation(ValidationPoint point, Weights weights, boolean best) {
      terminal.say(
          String.format(
              Locale.ROOT,
              "validation at step %d: recall %.4f, precision %.4f, Dice %.4f at threshold %.2f%s",
              point.step(),
              point.recall(),
              point.precision(),
              point.dice(),
              point.threshold(),
              best ? ", the best so far" : ""));
    }
  }
}
