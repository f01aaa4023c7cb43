package io.histoflow.studies.evaluation;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Subcommand;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.studies.cost.ModelCost;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.OnlyOption;
import io.histoflow.studies.options.ResolutionOption;
import io.histoflow.studies.report.EvaluationReport;
import io.histoflow.studies.report.ReportSubject;
import io.histoflow.studies.report.Showcase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How good a model is on images with known masks, and what it costs. */
@Command(
    name = "evaluate",
    description = "Measure a model on data sets with known masks: quality, speed, memory.",
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer>, Computation, Subcommand {
  @Mixin private DataOption data;

  @Mixin private OnlyOption only;

  @Mixin private ResolutionOption resolution;

  @Mixin private ModelOption model;

  @Mixin private JsonOption json;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a report with charts and pictures: one file, nothing to load.")
  private Path report;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description = "Mask threshold in 0..1; without it the one stored in the checkpoint.")
  private Double threshold;

  @Option(
      names = "--tta",
      description =
          "Test-time augmentation: average probabilities over the eight flips and turns of each"
              + " tile. Takes eight times as long.")
  private boolean flipsAndTurns;

  @Mixin private DeviceOption device;

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      converter = PrecisionConverter.class,
      description =
          "In what the network computes: fp32 (figures on record), bf16 (CPU), fp16 (GPU), or auto"
              + " as inference does by default (${DEFAULT-VALUE}).")
  private Precision precision;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--threshold must lie in 0..1, not " + threshold);
    }
    Checkpoint checkpoint = model.load();
    OptionalDouble microns = resolution.of(checkpoint.resolution());
    List<Sample> samples = only.of(data.open().at(microns));
    MaskThresholds applied =
        threshold == null ? checkpoint.thresholds() : MaskThresholds.uncalibrated(threshold);
    Terminal terminal = Terminal.standard();
    try (ModelEvaluation open =
        ModelEvaluation.open(checkpoint, device.compute(), precision, flipsAndTurns)) {
      terminal.say("Measuring speed ...");
      ModelCost cost = open.cost();
      Evaluation evaluation = evaluate(open, samples, applied, terminal);
      Map<String, Evaluation> sets = sets(evaluation, samples);
      json.show(
          "%s%n%s%n%s%n"
              .formatted(
                  EvaluationTable.of(evaluation, sets),
                  checkpoint.resolution().describe(microns),
                  line(cost)),
          json(evaluation, sets, checkpoint.resolution(), microns, cost));
      if (report != null) {
        List<Showcase> showcases = open.showcases(evaluation, samples);
        ReportSubject subject =
            new ReportSubject(
                checkpoint,
                data.folders(),
                applied,
                microns,
                flipsAndTurns,
                LocalDate.now(ZoneId.systemDefault()));
        write(report, new EvaluationReport(subject, evaluation, cost, showcases).html());
        terminal.say("Report: " + report);
      }
    }
    return 0;
  }

  private static Evaluation evaluate(
      ModelEvaluation open, List<Sample> samples, MaskThresholds thresholds, Terminal terminal) {
    try (Task task = terminal.start("evaluate", samples.size())) {
      return open.evaluate(samples, thresholds, task);
    }
  }

  /** What was measured on each data set; nothing where there is one. */
  private Map<String, Evaluation> sets(Evaluation evaluation, List<Sample> samples) {
    Map<String, Evaluation> sets = new LinkedHashMap<>();
    if (data.folders().size() > 1) {
      data.folders()
          .forEach(folder -> sets.put(folder.toString(), of(folder, evaluation, samples)));
      sets.values().removeIf(set -> set.results().isEmpty());
    }
    return sets;
  }

  private static Evaluation of(Path folder, Evaluation evaluation, List<Sample> samples) {
    List<ImageResult> results =
        IntStream.range(0, samples.size())
            .filter(i -> samples.get(i).image().startsWith(folder))
            .mapToObj(evaluation.results()::get)
            .toList();
    return new Evaluation(evaluation.model(), evaluation.thresholds(), results);
  }

  private ObjectNode json(
      Evaluation evaluation,
      Map<String, Evaluation> sets,
      ModelResolution model,
      OptionalDouble microns,
      ModelCost cost) {
    ObjectNode all = evaluation.toJson();
    if (!sets.isEmpty()) {
      ObjectNode bySet = all.putObject("dataSets");
      sets.forEach((folder, set) -> bySet.set(folder, FigureJson.of(set.overall())));
    }
    FigureJson.put(all, "micronsPerPixel", microns.orElse(Double.NaN));
    FigureJson.put(all, "modelMicronsPerPixel", model.micronsPerPixel().orElse(Double.NaN));
    all.put("resampled", !model.of(microns).isNone());
    all.put("testTimeAugmentation", flipsAndTurns);
    all.set("cost", cost.toJson());
    return all;
  }

  private static String line(ModelCost cost) {
    return text(
        "%.2f M parameters, %.2f GFLOP a tile of 224x224 (two a multiply-add), %.1f images/s in %s"
            + " and batches of 8, latency %.0f ms (95 %%: %.0f ms), peak memory %.0f MB",
        cost.parametersMillions(),
        cost.gflops(),
        cost.speed().imagesPerSecond(),
        cost.precision().word(),
        cost.speed().medianMillis(),
        cost.speed().p95Millis(),
        cost.speed().peakMemoryMegabytes());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }
}
