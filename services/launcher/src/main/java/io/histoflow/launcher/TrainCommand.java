package io.histoflow.launcher;

import io.histoflow.launcher.console.CommandFailedException;
import io.histoflow.launcher.console.Terminal;
import io.histoflow.launcher.console.Terminal.Task;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.dataset.Dataset;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.Sample;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.training.Trained;
import io.histoflow.segmentation.training.Training;
import io.histoflow.segmentation.training.TrainingProgress;
import io.histoflow.segmentation.training.TrainingSettings;
import io.histoflow.segmentation.training.ValidationPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a network on data sets with masks. */
@Command(
    name = "train",
    description = "Train a network on data sets with masks; stopped and started again it goes on.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final int STEPS_OF_PROGRESS = 1000;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
  private List<Path> data;

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
      names = "--colour",
      defaultValue = "rgb",
      description = "What the network sees of colours: ${COMPLETION-CANDIDATES} (rgb).")
  private InputColour colour;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "Licence of the weights, kept in the checkpoint; follows from the data's.",
      defaultValue = "not stated: check the licences of the training data")
  private String licence;

  @Option(
      names = "--device",
      defaultValue = "auto",
      converter = ComputeConverter.class,
      description = "Where the network runs: auto, cpu or gpu (${DEFAULT-VALUE}).")
  private Compute device;

  /** Either so many passes over the data or so many minutes. */
  static final class Length {
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
    Terminal terminal = Terminal.standard();
    Dataset dataset = Dataset.open(data);
    List<LabelledTile> images = load(dataset, terminal);
    TrainingSettings settings = settings(images);
    Path folder = work == null ? Path.of(out + ".training") : work;
    String about = data.stream().map(Path::toString).collect(Collectors.joining(", "));
    Trained trained;
    try (Task task = terminal.start("train", STEPS_OF_PROGRESS)) {
      trained =
          Training.run(
              images, about, licence, settings, device, folder, new Report(task, terminal));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("Training cannot start: " + e.getMessage(), e);
    }
    Path parent = out.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    trained.best().save(out);
    terminal.say("Best checkpoint: " + out + "; learning curve and state: " + folder);
    return 0;
  }

  private static List<LabelledTile> load(Dataset dataset, Terminal terminal) {
    List<LabelledTile> images = new ArrayList<>();
    List<Sample> samples = dataset.samples();
    try (Task task = terminal.start("read images", samples.size())) {
      for (Sample sample : samples) {
        images.add(sample.load());
        task.update(images.size(), samples.size(), "");
      }
    }
    return images;
  }

  private TrainingSettings settings(List<LabelledTile> images) {
    try {
      TrainingSettings.Builder builder = TrainingSettings.builder().optWidth(width).optSeed(seed);
      builder.optInputColour(colour);
      if (learningRate != null) {
        builder.optLearningRate(learningRate);
      }
      if (batch != null) {
        builder.optBatchSize(batch);
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
