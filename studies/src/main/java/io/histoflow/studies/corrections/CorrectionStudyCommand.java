package io.histoflow.studies.corrections;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.Figures;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.Spread;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.studies.corrections.CorrectionRound.Choice;
import io.histoflow.studies.options.RoutingScoreConverter;
import io.histoflow.training.FineTuningSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What learning from the most uncertain tiles wins, beside as many random ones. */
@Command(
    name = "corrections",
    description = {
      "Correct the most uncertain tiles of half of the patients by the truth, fine-tune on them and"
          + " measure the other half at the same precision; then the other way round.",
      "Use images that the model was not trained on."
    },
    mixinStandardHelpOptions = true)
public final class CorrectionStudyCommand implements Callable<Integer>, Computation {
  private static final int SYNTHETIC_EDGE = 512;
  private static final int SYNTHETIC_SEED = 1;
  private static final int MOST_SYNTHETIC = 100;

  @ArgGroup(multiplicity = "1")
  private Images images;

  @Mixin private ModelOption model;

  @Option(
      names = "--known",
      paramLabel = "DATASET",
      description = "Images of organs that the model knows, to see what it forgets.")
  private List<Path> known = List.of();

  @Option(
      names = "--known-only",
      paramLabel = "FILE",
      description = "List of the known images to use, one id a line: those it was not trained on.")
  private Path knownOnly;

  @Option(
      names = "--score",
      paramLabel = "SCORE",
      converter = RoutingScoreConverter.class,
      completionCandidates = RoutingScoreConverter.Names.class,
      description =
          "By which tiles are the most uncertain: ${COMPLETION-CANDIDATES}; without it the one that"
              + " routes by default.")
  private RoutingScore score = RoutingScore.DEFAULT;

  @Option(
      names = "--share",
      defaultValue = "0.2",
      description = "Share of a half's tiles that is corrected (${DEFAULT-VALUE}).")
  private double share;

  @Option(
      names = "--tile-size",
      paramLabel = "PIXELS",
      defaultValue = "256",
      description = "Edge of a tile (${DEFAULT-VALUE}).")
  private int tileSize;

  @Option(
      names = "--seeds",
      defaultValue = "3",
      description = "Rounds with each choice of tiles (${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--steps",
      defaultValue = "60",
      description = "Training steps of a round (${DEFAULT-VALUE}).")
  private int steps;

  @Mixin private PlotOption plot;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  /** What is corrected and measured. */
  static final class Images {
    @Option(
        names = "--data",
        required = true,
        arity = "1..*",
        paramLabel = "DATASET",
        description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
    private List<Path> folders;

    @Option(
        names = "--synthetic",
        required = true,
        paramLabel = "N",
        description =
            "N synthetic images of 512 pixels of each organ that can be drawn and that the model"
                + " does not know.")
    private Integer perOrgan;

    private List<LabelledTile> load(Checkpoint base) {
      if (folders != null) {
        return CorrectionStudyCommand.load(Dataset.open(folders).samples());
      }
      SyntheticTissue tissue = new SyntheticTissue(SYNTHETIC_SEED);
      return SyntheticTissue.organs().stream()
          .filter(organ -> !base.config().organs().contains(organ))
          .flatMap(
              organ ->
                  IntStream.range(0, perOrgan)
                      .mapToObj(i -> tissue.image(organ, i, SYNTHETIC_EDGE, SYNTHETIC_EDGE)))
          .toList();
    }
  }

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    if (images.perOrgan != null && (images.perOrgan < 2 || images.perOrgan > MOST_SYNTHETIC)) {
      throw new ParameterException(
          spec.commandLine(),
          "--synthetic must be in 2..%d, not %d.".formatted(MOST_SYNTHETIC, images.perOrgan));
    }
    Checkpoint base = model.load();
    CorrectionStudyResult result;
    try (Task task = Terminal.standard().start("study corrections", 0)) {
      result =
          new CorrectionStudy(
                  base,
                  images.load(base),
                  load(known()),
                  score,
                  new CorrectionStudySettings(
                      tileSize, share, seeds, FineTuningSettings.builder().optSteps(steps).build()),
                  device.compute())
              .run(task);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("The study cannot start: " + e.getMessage(), e);
    }
    json.show(table(result), result.toJson());
    plot.draw(file -> CorrectionPlot.write(file, result));
    return 0;
  }

  private List<Sample> known() {
    if (known.isEmpty()) {
      return List.of();
    }
    Dataset dataset = Dataset.open(known);
    return knownOnly == null ? dataset.samples() : dataset.only(knownOnly);
  }

  private static List<LabelledTile> load(List<Sample> samples) {
    return samples.stream().map(Sample::load).toList();
  }

  private static Table table(CorrectionStudyResult result) {
    Table table =
        new Table(
            "tiles",
            "recall before",
            "after, at the same precision",
            "change",
            "avg. precision",
            "on known organs");
    for (Choice choice : Choice.values()) {
      table.row(
          choice.name().toLowerCase(Locale.ROOT),
          text("%.4f ± %.4f", result.over(choice, CorrectionRound::recallBefore), 1),
          text("%.4f ± %.4f", result.over(choice, CorrectionRound::recallAfter), 1),
          text("%+.2f %% ± %.2f", result.over(choice, CorrectionRound::relativeGain), 100),
          text("%+.4f ± %.4f", result.over(choice, CorrectionRound::averagePrecisionGain), 1),
          text("%+.4f ± %.4f", result.over(choice, CorrectionRound::knownGain), 1));
    }
    return table;
  }

  private static String text(String format, Spread spread, double unit) {
    return Figures.text(format, unit * spread.mean(), unit * spread.sd());
  }
}
