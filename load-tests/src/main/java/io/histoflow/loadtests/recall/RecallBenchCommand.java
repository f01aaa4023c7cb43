package io.histoflow.loadtests.recall;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether estimates of what is missed hold what they promise. */
@Command(
    name = "recall",
    description = {
      "Simulates deployments whose truth is known: tiles in slides that differ, drifts of"
          + " prevalence, and in two organs a model that gets worse half-way.",
      "Do 95 % intervals of recall hold it, how often is a false alarm raised, how soon a true one?"
          + " By the estimators alone many times, and once through the real topology."
    },
    mixinStandardHelpOptions = true)
public final class RecallBenchCommand extends Bench<RecallBenchSettings, RecallBenchResult> {
  private static final RecallBenchSettings DEFAULTS = RecallBenchSettings.defaults();

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description = "Tiles of all organs together in each repetition.")
  private int tiles = DEFAULTS.tiles();

  @Option(names = "--organs", paramLabel = "N", description = "Organs.")
  private int organs = DEFAULTS.organs();

  @Option(names = "--repetitions", paramLabel = "N", description = "Simulated deployments.")
  private int repetitions = DEFAULTS.repetitions();

  @Option(
      names = "--topology-tiles",
      paramLabel = "N",
      description = "Tiles through the real topology; 0 for none.")
  private int topologyTiles = DEFAULTS.topologyTiles();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of everything.")
  private long seed = DEFAULTS.seed();

  @Override
  protected RecallBenchSettings settings() {
    return new RecallBenchSettings(tiles, organs, repetitions, topologyTiles, seed);
  }

  @Override
  protected long steps(RecallBenchSettings settings) {
    return settings.repetitions() + (long) settings.topologyTiles();
  }

  @Override
  protected RecallBenchResult measure(RecallBenchSettings settings, Path folder, Task task) {
    return new RecallBench(settings, done -> task.update(done, steps(settings), "")).run(folder);
  }

  @Override
  protected Object table(RecallBenchResult result) {
    return new Table("recall measured in service (synthetic tiles)", "figure")
        .row("95 % intervals that hold the recall", text("%.3f", result.coverage()))
        .row("that hold that of their own tiles", text("%.3f", result.coverageOfOwnTiles()))
        .row("mean half-width", text("%.4f", result.halfWidth()))
        .row("largest bias, in half-widths", text("%.3f", result.bias()))
        .row("deployments with a false alarm", text("%.3f", result.falseAlarmRate()))
        .row("tiles from fall to alarm, median", result.tilesToAlarm(0.5))
        .row("tiles from fall to alarm, p90", result.tilesToAlarm(0.9))
        .row("variance beside the drawn tiles alone", text("%.2f", result.varianceRatio()))
        .row(
            "beside as many tiles at random as were reviewed",
            text("%.2f", result.varianceRatioAsMany()))
        .row("the same, did it count every tile", text("%.2f", result.varianceRatioWithCensus()))
        .row("recall of the model", text("%.4f", result.recall()))
        .row("recall of model and review", text("%.4f", result.systemRecall()))
        .row(
            "organs of the topology whose interval holds",
            result.topology().holdTheTruth() + " of " + result.topology().estimates())
        .row("alarms of organs there, two of them true", result.topology().alarms())
        .row("records/s through the topology", text("%.0f", result.topology().recordsPerSecond()));
  }
}
