package io.histoflow.loadtests.parts;

import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the small parts around the network cost. */
@Command(
    name = "parts",
    description =
        "Time of each small part that a tile passes through beside the network, by JMH, on a"
            + " synthetic tile.",
    mixinStandardHelpOptions = true)
public final class PartsBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of the tile (256).")
  private Integer tileSize;

  @Override
  public Integer call() throws Exception {
    PartsBenchSettings settings = bench.settings(this::settings);
    PartsBenchResult result =
        bench.measure(
            0,
            (folder, task) ->
                new PartsBench(
                        settings, (phase, done, total, note) -> task.update(done, total, note))
                    .run());
    bench.show(table(result), result.toJson());
    return 0;
  }

  private PartsBenchSettings settings() {
    PartsBenchSettings defaults = PartsBenchSettings.defaults();
    return new PartsBenchSettings(
        tileSize == null ? defaults.edge() : tileSize,
        defaults.turns(),
        defaults.turn(),
        defaults.separateJvms());
  }

  private static Table table(PartsBenchResult result) {
    Table table = new Table("part", "ms", "least to most");
    for (PartsBenchResult.Part part : result.parts()) {
      table.row(
          part.name(), millis(part.micros()), millis(part.least()) + " to " + millis(part.most()));
    }
    return table;
  }

  private static String millis(double micros) {
    return String.format(Locale.ROOT, "%.3f", micros / 1_000);
  }
}
