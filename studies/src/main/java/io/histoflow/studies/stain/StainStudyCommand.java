package io.histoflow.studies.stain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.studies.options.DataOption;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What models make of images that were stained or lit otherwise. */
@Command(
    name = "stain",
    description =
        "Measure models under synthetic shifts of stain and light, at their stored mask thresholds.",
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

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw recall and Dice against the strength of the shifts.")
  private Path plot;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take only N images, evenly spread over the data set.")
  private Integer limit;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    if (limit != null && limit < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--limit must be 1 or more, not " + limit);
    }
    Map<String, Checkpoint> checkpoints = checkpoints();
    List<Sample> samples = samples();
    Terminal terminal = Terminal.standard();
    Map<String, StainRobustness> results = new LinkedHashMap<>();
    for (Map.Entry<String, Checkpoint> model : checkpoints.entrySet()) {
      results.put(model.getKey(), measure(model.getKey(), model.getValue(), samples, terminal));
    }
    ObjectNode result = json(checkpoints, results, samples.size());
    terminal.say(table(results).toString());
    spec.commandLine().getOut().println(result.toPrettyString());
    json.write(result);
    if (plot != null) {
      StainRobustnessPlot.write(plot, results);
    }
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

  private List<Sample> samples() {
    List<Sample> all = data.open().samples();
    if (limit == null || limit >= all.size()) {
      return all;
    }
    List<Sample> spread = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      spread.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return spread;
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
          (phase, done, total, note) -> task.update(done, total, note));
    }
  }

  private static Table table(Map<String, StainRobustness> results) {
    List<String> header = new ArrayList<>(List.of("model, shift", "figure"));
    Arrays.stream(STRENGTHS)
        .mapToObj(strength -> String.format(Locale.ROOT, "%+.1f", strength))
        .forEach(header::add);
    Table table = new Table(header.toArray(String[]::new));
    results.forEach(
        (model, robustness) -> {
          for (StainShift.Kind kind : StainShift.Kind.values()) {
            String name = model + ", " + kind.name().toLowerCase(Locale.ROOT);
            add(table, name, "recall", robustness.points(kind), Summary::recall);
            add(table, name, "Dice", robustness.points(kind), Summary::dice);
          }
        });
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
        .map(mean -> String.format(Locale.ROOT, "%.3f", mean))
        .forEach(cells::add);
    table.row(cells.toArray());
  }

  private static ObjectNode json(
      Map<String, Checkpoint> checkpoints, Map<String, StainRobustness> results, int images) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("images", images);
    ArrayNode about = root.putArray("models");
    ArrayNode rows = root.putArray("robustness");
    results.forEach(
        (name, robustness) -> {
          Checkpoint checkpoint = checkpoints.get(name);
          ObjectNode model = about.addObject();
          model.put("model", name);
          model.put("id", checkpoint.modelId());
          model.put("version", checkpoint.version());
          model.put("sha256", checkpoint.sha256());
          model.put(
              "inputColour", checkpoint.config().inputColour().name().toLowerCase(Locale.ROOT));
          model.put("threshold", checkpoint.maskThreshold());
          ObjectNode mean = model.putObject("mean");
          FigureJson.put(mean, "recall", robustness.overShifts(Summary::recall).mean());
          FigureJson.put(mean, "dice", robustness.overShifts(Summary::dice).mean());
          ObjectNode worst = model.putObject("worst");
          FigureJson.put(worst, "recall", robustness.worst(Summary::recall));
          FigureJson.put(worst, "dice", robustness.worst(Summary::dice));
          robustness.points().forEach(point -> row(rows.addObject(), name, point));
        });
    return root;
  }

  private static void row(ObjectNode row, String model, StainRobustness.Point point) {
    row.put("model", model);
    row.put("shift", point.shift().kind().name().toLowerCase(Locale.ROOT));
    row.put("strength", point.shift().strength());
    FigureJson.put(row, "recall", point.summary().recall().mean());
    FigureJson.put(row, "precision", point.summary().precision().mean());
    FigureJson.put(row, "dice", point.summary().dice().mean());
  }
}
