package io.histoflow.studies.resolution;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.Summary;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.LimitOption;
import io.histoflow.studies.options.ResolutionOption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A model on images of several resolutions, left as they are and resampled to its own. */
@Command(
    name = "resolution",
    description =
        "Measure a model on images brought to other resolutions: taken as they are, and resampled"
            + " to the model's as inference does.",
    mixinStandardHelpOptions = true)
public final class ResolutionStudyCommand implements Callable<Integer>, Computation {
  @Mixin private DataOption data;

  @Mixin private ResolutionOption resolution;

  @Option(
      names = "--at",
      split = ",",
      paramLabel = "MICRONS",
      defaultValue = "0.25,0.35,0.5,1.0",
      description = "Micrometres per pixel to measure at (${DEFAULT-VALUE}).")
  private List<Double> points;

  @Mixin private LimitOption limit;

  @Mixin private ModelOption model;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    Checkpoint checkpoint = model.load();
    double own =
        checkpoint
            .resolution()
            .micronsPerPixel()
            .orElseThrow(() -> wrong("The model does not say at which resolution it learned."));
    for (double point : points) {
      Optional<String> fault = checkpoint.resolution().fault(OptionalDouble.of(point));
      if (fault.isPresent()) {
        throw wrong("--at %s: %s.".formatted(point, fault.get()));
      }
    }
    double images = resolution.of(checkpoint.resolution()).orElse(own);
    List<Sample> samples = limit.of(data.open().at(OptionalDouble.of(images)).samples());
    List<ResolutionPoint> measured = measure(checkpoint, samples);
    ObjectNode found = json(checkpoint, measured);
    json.show(table(measured) + System.lineSeparator(), found);
    return 0;
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private List<ResolutionPoint> measure(Checkpoint checkpoint, List<Sample> samples) {
    List<ResolutionPoint> measured = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.open(checkpoint, device.compute())) {
      Evaluator evaluator = Evaluator.of(segmenter);
      for (double point : points) {
        try (Task task = Terminal.standard().start(point + " µm/px", samples.size())) {
          measured.add(
              ResolutionPoint.of(evaluator, samples, point, checkpoint.thresholds(), task));
        }
      }
    }
    return measured;
  }

  private static ObjectNode json(Checkpoint checkpoint, List<ResolutionPoint> measured) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("points");
    measured.forEach(point -> all.add(point.toJson()));
    json.set("model", EvaluatedModel.of(checkpoint).toJson());
    return json;
  }

  private static Table table(List<ResolutionPoint> measured) {
    Table table = new Table("µm/px", "images", "recall", "precision", "Dice", "average precision");
    for (ResolutionPoint point : measured) {
      row(table, point.micronsPerPixel(), "as they are", point.asTheyAre());
      row(table, point.micronsPerPixel(), "resampled", point.resampled());
    }
    return table;
  }

  private static void row(Table table, double microns, String what, Summary figures) {
    table.row(
        text("%s", microns),
        what,
        text("%.3f", figures.recall().mean()),
        text("%.3f", figures.precision().mean()),
        text("%.3f", figures.dice().mean()),
        text("%.3f", figures.curve().averagePrecision()));
  }
}
