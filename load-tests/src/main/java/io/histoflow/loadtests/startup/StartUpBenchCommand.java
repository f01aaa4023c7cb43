package io.histoflow.loadtests.startup;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.UpCommand;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.OwnProgram;
import io.histoflow.loadtests.startup.StartUpBenchResult.Round;
import io.histoflow.platform.lifecycle.ChildCommand;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
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
public final class StartUpBenchCommand extends Bench<StartUpBenchSettings, StartUpBenchResult> {
  private static final StartUpBenchSettings DEFAULTS = StartUpBenchSettings.defaults();

  @Option(names = "--rounds", paramLabel = "N", description = "Starts; figures are medians (3).")
  private int rounds = DEFAULTS.rounds();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of the tile (256).")
  private int tileSize = DEFAULTS.tileSize();

  @Override
  protected StartUpBenchSettings settings() {
    return new StartUpBenchSettings(rounds, tileSize, DEFAULTS.seed());
  }

  @Override
  protected long steps(StartUpBenchSettings settings) {
    return settings.rounds();
  }

  @Override
  protected StartUpBenchResult measure(StartUpBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new StartUpBench(settings, new Up(), task).run(folder);
  }

  @Override
  protected Table table(StartUpBenchResult result) {
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
        text("%.1f", result.median(figure)),
        text("%.1f..%.1f", result.least(figure), result.most(figure)));
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
