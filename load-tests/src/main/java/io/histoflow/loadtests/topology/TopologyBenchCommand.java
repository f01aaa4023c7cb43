package io.histoflow.loadtests.topology;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.Rates;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What routing costs beside a topology that does nothing. */
@Command(
    name = "topology",
    description =
        "Records per second of the routing topology beside one that passes records through, on"
            + " synthetic results and an embedded broker.",
    mixinStandardHelpOptions = true)
public final class TopologyBenchCommand extends Bench<TopologyBenchSettings, TopologyBenchResult> {
  private static final TopologyBenchSettings DEFAULTS = TopologyBenchSettings.defaults();

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description = "Tiles that each topology reads in each round (60000).")
  private int tiles = DEFAULTS.tiles();

  @Option(names = "--organs", paramLabel = "N", description = "Number of organs (30).")
  private int organs = DEFAULTS.organs();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often the topologies take turns, after one round that warms up (7).")
  private int rounds = DEFAULTS.rounds();

  @Override
  protected TopologyBenchSettings settings() {
    return new TopologyBenchSettings(
        tiles, DEFAULTS.tilesPerSlide(), organs, DEFAULTS.maskBytes(), rounds, DEFAULTS.seed());
  }

  @Override
  protected TopologyBenchResult measure(TopologyBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new TopologyBench(settings, task).run(folder);
  }

  @Override
  protected Table table(TopologyBenchResult result) {
    Table table =
        new Table("topology", "records/s", "least to most", "ratio", "CPU time, us a record");
    add(table, "pass-through", result.passThrough(), "");
    add(table, "routing", result.routing(), result.routingRatio().text());
    add(table, "routing, drift, reports", result.whole(), result.ratio().text());
    add(table, "its state restored, tiles/s", new Rates(result.restored()), "", "");
    return table;
  }

  private static void add(Table table, String name, TopologyBenchResult.Costs costs, String ratio) {
    String cpu = text("%.0f", new Rates(costs.cpuMicros()).median());
    add(table, name, new Rates(costs.perSecond()), ratio, cpu);
  }

  private static void add(Table table, String name, Rates rates, String ratio, String cpu) {
    table.row(
        name,
        text("%.0f", rates.median()),
        text("%.0f", rates.least()) + " to " + text("%.0f", rates.most()),
        ratio,
        cpu);
  }
}
