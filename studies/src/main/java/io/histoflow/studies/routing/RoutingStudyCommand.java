package io.histoflow.studies.routing;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.Sample;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.studies.options.DataOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which routing score brings missed pixels to review. */
@Command(
    name = "routing",
    description = {
      "What share of all missed positive pixels the tiles of the highest scores hold, for every"
          + " routing score, beside random choice and the oracle.",
      "Use images that the model was not trained on. To pool the folds of a cross-validation, give"
          + " --model and --only once a fold; each model's tiles are ranked among themselves."
    },
    mixinStandardHelpOptions = true)
public final class RoutingStudyCommand implements Callable<Integer>, Computation {
  @Mixin private DataOption data;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Checkpoint; without it the light model that ships.")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "FILE",
      description = "List of the images to use, one id a line; the nth list is the nth model's.")
  private List<Path> lists = new ArrayList<>();

  @Option(
      names = "--tile-size",
      paramLabel = "PIXELS",
      defaultValue = "256",
      description = "Edge of a tile (${DEFAULT-VALUE}).")
  private int tileSize;

  @Option(
      names = "--views",
      description = "Study disagreement under flips and stain shifts too: 6 times as long.")
  private boolean views;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Rounds of the bootstrap over patients (${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private JsonOption json;

  @Mixin private PlotOption plot;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    checkArguments();
    Dataset dataset = data.open();
    RoutingStudy study = views ? RoutingStudy.withViews(rounds, 1) : RoutingStudy.cheap(rounds, 1);
    for (int fold = 0; fold < Math.max(1, models.size()); fold++) {
      Checkpoint checkpoint =
          models.isEmpty() ? Checkpoint.shipped() : Checkpoint.load(models.get(fold));
      List<Sample> samples = lists.isEmpty() ? dataset.samples() : dataset.only(lists.get(fold));
      segment(study, checkpoint, samples);
    }
    RoutingStudyResult result = study.result();
    json.show(about(result) + "\n" + scores(result) + "\n" + organs(result), result.toJson());
    plot.draw(file -> result.curves().write(file, drawn()));
    return 0;
  }

  private void checkArguments() {
    boolean paired = lists.size() == models.size() || (models.size() <= 1 && lists.size() <= 1);
    if (!paired) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "Give --only as often as --model: the nth list names the nth model's images.");
    }
    if (tileSize < 1 || rounds < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--tile-size and --rounds must be 1 or more.");
    }
  }

  private void segment(RoutingStudy study, Checkpoint checkpoint, List<Sample> samples) {
    try (Task task = Terminal.standard().start("study routing", samples.size());
        Segmenter segmenter = Segmenter.open(checkpoint, device.compute())) {
      study.segment(segmenter, samples, tileSize, task);
    }
  }

  private static String about(RoutingStudyResult result) {
    ReviewFigures tenth = result.scores().get(0).perOrgan().top10();
    ReviewFigures fifth = result.scores().get(0).perOrgan().top20();
    return text(
        "%d tiles of %d images of %d patients; %.1f %% of the positive pixels are missed.%nShare of"
            + " all misses in the tiles reviewed, picked within each organ and model; random %.3f"
            + " and oracle %.3f at 10 %%, %.3f and %.3f at 20 %%. One pass takes %.1f ms.%n",
        result.tiles(),
        result.images(),
        result.patients(),
        100.0 * result.missedPixels() / result.positivePixels(),
        tenth.random(),
        tenth.oracle(),
        fifth.random(),
        fifth.oracle(),
        result.inferenceMillisPerTile());
  }

  private static Table scores(RoutingStudyResult result) {
    Table table =
        new Table(
            "score",
            "10 %",
            "gap",
            "20 %",
            "gap",
            "95 %",
            "pooled gap",
            "rank corr.",
            "a tenth reach",
            "ms",
            "passes");
    result.scores().forEach(score -> addScore(table, score));
    return table;
  }

  private static void addScore(Table table, ScoreResult score) {
    ScopeFigures figures = score.perOrgan();
    table.row(
        score.name(),
        text("%.3f", figures.top10().held()),
        text("%.2f", figures.top10().gapClosed()),
        text("%.3f", figures.top20().held()),
        text("%.2f", figures.top20().gapClosed()),
        text("%.2f..%.2f", figures.top20().low(), figures.top20().high()),
        text("%.2f", score.pooled().top20().gapClosed()),
        text("%.2f", figures.rankCorrelation()),
        text("%.4f", score.tenth()),
        text("%.2f", score.millisPerTile()),
        "+" + score.extraPasses());
  }

  /** The gap closed at 20 % organ by organ, for the scores that are drawn. */
  private static Table organs(RoutingStudyResult result) {
    List<ScoreResult> scores = drawn().stream().map(result::score).toList();
    List<String> header = new ArrayList<>(List.of("gap at 20 %"));
    scores.forEach(score -> header.add(score.name()));
    Table table = new Table(header.toArray(String[]::new));
    for (String organ : scores.get(0).organs().keySet()) {
      List<Object> row = new ArrayList<>(List.of(organ));
      scores.forEach(score -> row.add(text("%.2f", score.organs().get(organ).top20().gapClosed())));
      table.row(row.toArray());
    }
    return table;
  }

  /** The default and those that people know: more lines than these cannot be told apart. */
  private static List<String> drawn() {
    return Stream.of(
            RoutingScore.DEFAULT,
            RoutingScore.MEAN_ENTROPY,
            RoutingScore.TAIL_ENTROPY,
            RoutingScore.EXPECTED_DICE_LOSS,
            RoutingScore.EXPECTED_MISSED_PIXELS)
        .distinct()
        .map(RoutingScore::publishedName)
        .toList();
  }
}
