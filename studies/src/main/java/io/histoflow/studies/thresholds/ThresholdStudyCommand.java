package io.histoflow.studies.thresholds;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.OnlyOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a tile's style can set its threshold in a laboratory that nobody calibrated for. */
@Command(
    name = "thresholds",
    description = {
      "Choose thresholds without a laboratory, one for all tiles or by what each tile shows of its"
          + " style, and measure them on that laboratory; each in turn.",
      "Use images that the model was not trained on."
    },
    mixinStandardHelpOptions = true)
public final class ThresholdStudyCommand implements Callable<Integer>, Computation {
  @Mixin private DataOption data;

  @Mixin private OnlyOption only;

  @Option(
      names = "--unseen",
      arity = "1..*",
      paramLabel = "DATASET",
      description = "More data sets, used whole: those that the model never saw.")
  private List<Path> unseen = List.of();

  @Option(
      names = "--together",
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Data sets of one laboratory, left out together; each other is one of its own.")
  private List<Path> together = List.of();

  @Option(
      names = "--tile-size",
      paramLabel = "PIXELS",
      description = "Cut images into tiles of this edge; without it each image is one tile.")
  private Integer tileSize;

  @Option(
      names = "--recall",
      defaultValue = "0.93",
      paramLabel = "RECALL",
      description = "Mean recall on the laboratories that choose (${DEFAULT-VALUE}).")
  private double recall;

  @Mixin private ModelOption model;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Checkpoint checkpoint = model.load();
    List<RuleFigures> results;
    try {
      results = new ThresholdStudy(tiles(checkpoint), recall).run();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("The study cannot start: " + e.getMessage(), e);
    }
    json.show(table(results) + "\n" + sets(results), json(checkpoint, results));
    return 0;
  }

  private List<StyledTile> tiles(Checkpoint checkpoint) {
    Map<Path, List<Sample>> samples = new LinkedHashMap<>();
    for (Sample sample : only.of(data.open())) {
      Path folder = data.folders().stream().filter(sample.image()::startsWith).findFirst().get();
      samples.computeIfAbsent(folder, f -> new ArrayList<>()).add(sample);
    }
    unseen.forEach(folder -> samples.put(folder, Dataset.open(folder).samples()));
    List<StyledTile> tiles = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.open(checkpoint, device.compute())) {
      Evaluator evaluator = Evaluator.of(segmenter);
      for (Map.Entry<Path, List<Sample>> set : samples.entrySet()) {
        try (Task task = Terminal.standard().start(set.getKey().toString(), 0)) {
          int done = 0;
          for (Sample sample : set.getValue()) {
            for (LabelledTile tile : cut(sample.load())) {
              if (tile.mask().positivePixels() > 0) {
                tiles.add(styled(set.getKey(), tile, evaluator, checkpoint.maskThreshold()));
              }
            }
            task.update(++done, set.getValue().size(), "");
          }
        }
      }
    }
    return tiles;
  }

  private List<LabelledTile> cut(LabelledTile image) {
    return tileSize == null ? List.of(image) : image.cut(tileSize);
  }

  private StyledTile styled(Path set, LabelledTile tile, Evaluator evaluator, double pooled) {
    float[] p = evaluator.probabilities(tile);
    Map<TileStyle, Double> styles = new EnumMap<>(TileStyle.class);
    for (TileStyle style : TileStyle.values()) {
      styles.put(style, style.of(tile.image(), p, pooled));
    }
    Path laboratory = together.contains(set) ? together.get(0) : set;
    return new StyledTile(
        set.toString(), laboratory.toString(), styles, PrecisionRecallCurve.of(p, tile.mask()));
  }

  private static Table table(List<RuleFigures> results) {
    Table table =
        new Table(
            "threshold by",
            "recall",
            "precision",
            "Dice",
            "worst set",
            "at the same precision: recall",
            "worst set",
            "tiles below 0.8");
    for (RuleFigures result : results) {
      table.row(
          result.rule(),
          text("%.3f", RuleFigures.mean(result.sets(), SetFigures::recall)),
          text("%.3f", RuleFigures.mean(result.sets(), SetFigures::precision)),
          text("%.3f", RuleFigures.mean(result.sets(), SetFigures::dice)),
          text("%.3f", RuleFigures.worst(result.sets()).recall()),
          text("%.3f", RuleFigures.mean(result.matched(), SetFigures::recall)),
          text("%.3f", RuleFigures.worst(result.matched()).recall()),
          text("%.3f", RuleFigures.mean(result.matched(), SetFigures::blind)));
    }
    return table;
  }

  /** Each set's recall and precision, all rules at the same mean precision. */
  private static Table sets(List<RuleFigures> results) {
    List<String> header = new ArrayList<>(List.of("at the same precision", "tiles"));
    results.forEach(result -> header.add(result.rule()));
    Table table = new Table(header.toArray(String[]::new));
    for (int i = 0; i < results.get(0).matched().size(); i++) {
      SetFigures first = results.get(0).matched().get(i);
      List<Object> row = new ArrayList<>(List.of(first.set(), first.tiles()));
      for (RuleFigures result : results) {
        SetFigures set = result.matched().get(i);
        row.add(
            text(
                "%.3f at %.3f, %+.3f",
                set.recall(), set.precision(), result.gains().get(set.set())));
      }
      table.row(row.toArray());
    }
    return table;
  }

  private ObjectNode json(Checkpoint checkpoint, List<RuleFigures> results) {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.put("modelId", checkpoint.modelId());
    found.put("recall", recall);
    ArrayNode rules = found.putArray("rules");
    results.forEach(result -> rules.add(FigureJson.ofRecord(result)));
    return found;
  }
}
