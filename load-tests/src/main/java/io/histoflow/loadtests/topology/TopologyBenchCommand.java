package io.histoflow.loadtests.topology;

import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.loadtests.measuring.Rates;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What routing costs beside a topology that does nothing. */
@Command(
    name = "topology",
    description =
        "Records per second of the routing topology beside one that passes records through, on"
            + " synthetic results and an embedded broker.",
    mixinStandardHelpOptions = true)
public final class TopologyBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description = "Tiles that each topology reads in each round (60000).")
  private Integer tiles;

  @Option(names = "--organs", paramLabel = "N", description = "Number of organs (30).")
  private Integer organs;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often the topologies take turns, after one round that warms up (3).")
  private Integer rounds;

  @Override
  public Integer call() throws Exception {
    TopologyBenchSettings settings = bench.settings(this::settings);
    TopologyBenchResult result =
        bench.measure(
            0,
            (folder, task) ->
                new TopologyBench(
                        settings, (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder));
    bench.show(table(result), result.toJson());
    return 0;
  }

  private TopologyBenchSettings settings() {
    TopologyBenchSettings defaults = TopologyBenchSettings.defaults();
    return new TopologyBenchSettings(
        tiles == null ? defaults.tiles() : tiles,
        defaults.tilesPerSlide(),
        organs == null ? defaults.organs() : organs,
        defaults.maskBytes(),
        rounds == null ? defaults.rounds() : rounds,
        defaults.seed());
  }

  private static Table table(TopologyBenchResult result) {
    Table table =
        new Table("topology", "records/s", "least to most", "ratio", "CPU time, us a record");
    add(table, "pass-through", result.passThrough(), "");
    add(table, "routing", result.routing(), number("%.2f", result.routingRatio()));
    add(table, "routing, drift, reports", result.whole(), number("%.2f", result.ratio()));
    add(table, "its state restored, tiles/s", result.restored(), "", "");
    return table;
  }

  private static void add(Table table, String name, TopologyBenchResult.Costs costs, String ratio) {
    add(table, name, costs.perSecond(), ratio, number("%.0f", costs.cpuMicros().median()));
  }

  private static void add(Table table, String name, Rates rates, String ratio, String cpu) {
    table.row(
        name,
        number("%.0f", rates.median()),
        number("%.0f", rates.least()) + " to " + number("%.0f", rates.most()),
        ratio,
        cpu);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
