package io.histoflow.loadtests.figures;

import static io.histoflow.loadtests.figures.Figure.Goal.atLeast;
import static io.histoflow.loadtests.figures.Figure.Goal.atMost;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.commandline.Figures;
import io.histoflow.loadtests.figures.Figure.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The figures as a page, written by machine: nothing in it is copied by hand. */
final class FigurePage {
  private static final double MEGABYTE = 1e6;

  /** In the order of the page. */
  static final List<Figure> FIGURES =
      List.of(
          Figure.ratio(
              "full network (width 64, untrained), images/s, times Python's PyTorch",
              FigureRun.INFERENCE,
              "/models/full/ratio",
              atLeast(6)),
          Figure.ratio(
              "light model, the same", FigureRun.INFERENCE, "/models/light/ratio", atLeast(6)),
          Figure.ratio(
              "tiles/s from topic to topic as a share of the bare predictor loop, 256 pixels",
              FigureRun.PIPELINE,
              "/ratio",
              atLeast(0.95)),
          Figure.ratio(
              "what these cores allow of it, were they never idle",
              FigureRun.PIPELINE,
              "/limit",
              atLeast(0.95)),
          millis("p99 from topic to topic at half load, ms", "/latencyMillis/p99", 250),
          Figure.ratio(
              "tiles/s from topic to topic as a share of the bare predictor loop, 512 pixels",
              FigureRun.PIPELINE_512,
              "/ratio",
              atLeast(0.95)),
          Figure.ratio(
              "8 workers, times one worker's tiles/s", FigureRun.SCALING, "/speedUp", atLeast(7.5)),
          Figure.ratio(
              "a second worker under load is felt after, s",
              FigureRun.SCALING,
              "/addedWorkerFeltAfterSeconds",
              atMost(10)),
          Figure.ratio(
              "routing alone, records/s as a share of passing records through",
              FigureRun.TOPOLOGY,
              "/routingRatio",
              atLeast(0.8)),
          Figure.ratio("all of the topology, the same", FigureRun.TOPOLOGY, "/ratio", atLeast(0.5)),
          new Figure(
              "its state restored from the brokers, tiles/s",
              FigureRun.TOPOLOGY,
              JsonPointer.compile("/restoredTilesPerSecond"),
              atLeast(100_000),
              "%,.0f",
              1),
          new Figure(
              "peak memory of a worker, 100 tiles of 1024 pixels after 20,000 of 64, MB",
              FigureRun.MEMORY,
              JsonPointer.compile("/peakRssBytes"),
              atMost(1e9),
              "%.0f",
              MEGABYTE),
          Figure.ratio(
              "its memory after 20,000 tiles, times that after 1,000",
              FigureRun.MEMORY,
              "/ratio",
              atMost(1.05)),
          new Figure(
              "from the start of `up` to the first result, s",
              FigureRun.START_UP,
              JsonPointer.compile("/secondsToFirstResult"),
              atMost(10),
              "%.1f",
              1),
          Figure.ratio(
              "a step of fine-tuning, times its bare passes",
              FigureRun.FINE_TUNING,
              "/ratio",
              atMost(1.1)),
          Figure.ratio(
              "the same without distillation",
              FigureRun.FINE_TUNING,
              "/withoutDistillation/ratio",
              atMost(1.1)),
          Figure.ratio(
              "tiles/s with 50 browsers on live updates as a share of without",
              FigureRun.FEED,
              "/ratio",
              atLeast(0.9)),
          dashboard(
              "from a verdict to the next tile painted, 5,000 alerts, ms",
              "/submitToPaintedMillis/fast/median",
              atMost(100)),
          dashboard(
              "the same at 4 Mbit/s and 100 ms", "/submitToPaintedMillis/slow/median", atMost(150)),
          dashboard(
              "frames in which 30 new alerts a second moved what is looked at",
              "/live/framesMoved",
              atMost(0)),
          dashboard(
              "frames of 60 a second while a list of 50,000 alerts is scrolled, pixels drawn by the CPU",
              "/scrolling/perSecond",
              atLeast(59)),
          Figure.ratio(
              "the page's memory after 200 tiles, times that after 20",
              FigureRun.DASHBOARD,
              "/memory/ratio",
              atMost(1.05)));

  private FigurePage() {}

  private static Figure dashboard(String what, String at, Goal goal) {
    return new Figure(what, FigureRun.DASHBOARD, JsonPointer.compile(at), goal, "%.0f", 1);
  }

  private static Figure millis(String what, String at, double most) {
    return new Figure(what, FigureRun.PIPELINE, JsonPointer.compile(at), atMost(most), "%.0f", 1);
  }

  /**
   * Writes the page.
   *
   * @param machine the machine that measured, as every bench's JSON has it
   * @param results JSON of the runs that were made; runs that are not in it are left out
   */
  static String of(JsonNode machine, Map<FigureRun, JsonNode> results) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "# Figures of speed",
                "",
                "Written by `./histoflow bench all --page`; not edited by hand. "
                    + Figures.text(
                        "Measured from %s on %d cores of %s (%s), load %.1f before.",
                        machine.path("at").asText(),
                        machine.path("cores").asInt(),
                        machine.path("cpu").asText(),
                        flags(machine),
                        machine.path("load").asDouble())
                    + " Ratios are medians of turns side by side with the interval that holds the"
                    + " median in 95 of 100 repetitions; what scatters too far, or is more than"
                    + " possible, is no figure ([method](README.md#method)).",
                "",
                "| what | goal | figure | repeat |",
                "|---|---|---|---|"));
    for (Figure figure : FIGURES) {
      JsonNode result = results.get(figure.run());
      if (result != null) {
        lines.add(
            "| %s | %s | %s | `%s` |"
                .formatted(
                    figure.what(),
                    figure.goalText(result),
                    figure.text(result),
                    figure.run().command()));
      }
    }
    lines.add("");
    return String.join("\n", lines);
  }

  private static String flags(JsonNode machine) {
    List<String> flags = new ArrayList<>();
    machine.path("flags").forEach(flag -> flags.add(flag.asText()));
    return flags.isEmpty() ? "no vector instructions known" : String.join(", ", flags);
  }
}
