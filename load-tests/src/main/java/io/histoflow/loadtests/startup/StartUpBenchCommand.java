package io.histoflow.loadtests.startup;

import io.histoflow.commandline.Table;
import io.histoflow.launcher.UpCommand;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.loadtests.measuring.OwnProgram;
import io.histoflow.loadtests.startup.StartUpBenchResult.Round;
import io.histoflow.platform.lifecycle.ChildCommand;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long everything takes to start. */
@Command(
    name = "start-up",
    description = {
      "Seconds from the start of 'histoflow up', in a process of its own with an empty data"
          + " directory, until it is ready and until the first tile has its result. The tile is"
          + " published as soon as broker and registry can be reached."
    },
    mixinStandardHelpOptions = true)
public final class StartUpBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(names = "--rounds", paramLabel = "N", description = "Starts; figures are medians (3).")
  private Integer rounds;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of the tile (256).")
  private Integer tileSize;

  @Override
  public Integer call() throws Exception {
    StartUpBenchSettings settings = bench.settings(this::settings);
    StartUpBenchResult result =
        bench.measure(
            settings.rounds(),
            (folder, task) ->
                new StartUpBench(
                        settings,
                        new Up(),
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder));
    bench.show(table(result), result.toJson());
    return 0;
  }

  private StartUpBenchSettings settings() {
    StartUpBenchSettings defaults = StartUpBenchSettings.defaults();
    return new StartUpBenchSettings(
        rounds == null ? defaults.rounds() : rounds,
        tileSize == null ? defaults.tileSize() : tileSize,
        defaults.seed());
  }

  private static Table table(StartUpBenchResult result) {
    Table table = new Table("from the start of 'up' until", "seconds, median", "least..most");
    row(table, "broker and registry can be reached", result, Round::toPlatform);
    row(table, "it is ready", result, Round::toReady);
    row(table, "the first tile has its result", result, Round::toFirstResult);
    return table;
  }

  private static void row(
      Table table, String what, StartUpBenchResult result, ToDoubleFunction<Round> figure) {
    table.row(
        what,
        String.format(Locale.ROOT, "%.1f", result.median(figure)),
        String.format(Locale.ROOT, "%.1f..%.1f", result.least(figure), result.most(figure)));
  }

  private static final class Up implements StartUpBench.UpProgram {
    @Override
    public ChildCommand command(Path dataDir, Path log) {
      return OwnProgram.command("up", log, "up", "--port", "0", "--data-dir", dataDir.toString());
    }

    @Override
    public boolean isReady(String output) {
      return output.contains(UpCommand.DASHBOARD);
    }
  }
}
