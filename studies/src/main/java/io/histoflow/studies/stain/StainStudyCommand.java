package io.histoflow.studies.stain;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.LimitOption;
import io.histoflow.studies.stain.StainStudyResult.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What models make of images that were stained or lit otherwise. */
@Command(
    name = "stain",
    description =
        "Measure models under synthetic shifts of stain and light, at their stored mask"
            + " thresholds.",
    mixinStandardHelpOptions = true)
public final class StainStudyCommand implements Callable<Integer>, Computation {
  private static final double[] STRENGTHS = {-0.4, -0.2, 0, 0.2, 0.4};
  private static final String SHIPPED = "shipped";

  @Mixin private DataOption data;

  @Option(
      names = "--model",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Checkpoints to compare; without any the light model that ships.")
  private List<Path> models = List.of();

  @Mixin private JsonOption json;

  @Mixin private PlotOption plot;

  @Mixin private LimitOption limit;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Map<String, Checkpoint> checkpoints = checkpoints();
    List<Sample> samples = limit.of(data.open().samples());
    Terminal terminal = Terminal.standard();
    List<Model> measured = new ArrayList<>();
    checkpoints.forEach(
        (name, checkpoint) ->
            measured.add(
                new Model(name, checkpoint, measure(name, checkpoint, samples, terminal))));
    StainStudyResult result = new StainStudyResult(samples.size(), measured);
    terminal.say(table(result).toString());
    ObjectNode found = result.toJson();
    json.show(found.toPrettyString() + System.lineSeparator(), found);
    plot.draw(file -> StainRobustnessPlot.write(file, measured));
    return 0;
  }

  /** The checkpoints by the names under which they are shown. */
  private Map<String, Checkpoint> checkpoints() throws CheckpointRejectedException {
    Map<String, Checkpoint> checkpoints = new LinkedHashMap<>();
    if (models.isEmpty()) {
      checkpoints.put(SHIPPED, Checkpoint.shipped());
    }
    for (Path model : models) {
      String name = model.getFileName().toString().replaceFirst("\\.safetensors$", "");
      boolean shared =
          models.stream().filter(m -> m.getFileName().equals(model.getFileName())).count() > 1;
      checkpoints.put(shared ? model.toString() : name, Checkpoint.load(model));
    }
    return checkpoints;
  }

  private StainRobustness measure(
      String name, Checkpoint checkpoint, List<Sample> samples, Terminal terminal) {
    try (Segmenter segmenter = Segmenter.open(checkpoint, device.compute());
        Task task = terminal.start(name, samples.size())) {
      return StainRobustness.ofSamples(
          Evaluator.of(segmenter),
          samples,
          checkpoint.thresholds(),
          StainShift.grid(STRENGTHS),
          task);
    }
  }

  private static Table table(StainStudyResult result) {
    List<String> header = new ArrayList<>(List.of("model, shift", "figure"));
    Arrays.stream(STRENGTHS).mapToObj(strength -> text("%+.1f", strength)).forEach(header::add);
    Table table = new Table(header.toArray(String[]::new));
    for (Model model : result.models()) {
      for (StainShift.Kind kind : StainShift.Kind.values()) {
        String name = model.name() + ", " + kind.name().toLowerCase(Locale.ROOT);
        add(table, name, "recall", model.robustness().points(kind), Summary::recall);
        add(table, name, "Dice", model.robustness().points(kind), Summary::dice);
      }
    }
    return table;
  }

  private static void add(
      Table table,
      String name,
      String figureName,
      List<StainRobustness.Point> points,
      Function<Summary, Spread> figure) {
    List<String> cells = new ArrayList<>(List.of(name, figureName));
    points.stream()
        .map(point -> figure.apply(point.summary()).mean())
        .map(mean -> text("%.3f", mean))
        .forEach(cells::add);
    table.row(cells.toArray());
  }
}
