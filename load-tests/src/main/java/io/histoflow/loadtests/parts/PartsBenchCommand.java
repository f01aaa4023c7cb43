package io.histoflow.loadtests.parts;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the small parts around the network cost. */
@Command(
    name = "parts",
    description =
        "Time of each small part that a tile passes through beside the network, by JMH, on a"
            + " synthetic tile.",
    mixinStandardHelpOptions = true)
public final class PartsBenchCommand extends Bench<PartsBenchSettings, PartsBenchResult> {
  private static final PartsBenchSettings DEFAULTS = PartsBenchSettings.defaults();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of the tile (256).")
  private int tileSize = DEFAULTS.edge();

  @Override
  protected PartsBenchSettings settings() {
    return new PartsBenchSettings(
        tileSize, DEFAULTS.turns(), DEFAULTS.turn(), DEFAULTS.separateJvms());
  }

  @Override
  protected PartsBenchResult measure(PartsBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new PartsBench(settings, task).run();
  }

  @Override
  protected Table table(PartsBenchResult result) {
    Table table = new Table("part", "ms", "least to most");
    for (PartsBenchResult.Part part : result.parts()) {
      table.row(
          part.name(), millis(part.micros()), millis(part.least()) + " to " + millis(part.most()));
    }
    return table;
  }

  private static String millis(double micros) {
    return text("%.3f", micros / 1_000);
  }
}
