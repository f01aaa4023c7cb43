package io.histoflow.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.StopSignal;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.launcher.demo.Demo;
import io.histoflow.launcher.demo.DemoResult;
import io.histoflow.launcher.demo.DemoTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole loop on the embedded platform, once. */
@Command(
    name = "demo",
    description =
        "Run the whole loop on an embedded platform: scan, segment, route, correct, fine-tune,"
            + " swap, report.",
    footer = {
      "",
      "Without --input it draws synthetic H&E tiles. Ground truth plays the expert: it corrects"
          + " the",
      "alerts of half the patients; before and after are measured on the other half."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--input",
      paramLabel = "DATASET",
      description =
          "A folder <organ>/images + <organ>/masks, or the published NuInsSeg layout; without it"
              + " synthetic tiles are drawn.")
  private Path input;

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description =
          "About how many tiles: of the data set (all of it), or synthetic ("
              + Demo.SYNTHETIC_TILES
              + ").")
  private Integer tiles;

  @Mixin private JsonOption json;

  @Option(names = "--keep", description = "Keep the data directory and say where it is.")
  private boolean keep;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (tiles != null && tiles < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--tiles must be 1 or more, not " + tiles + ".");
    }
    Terminal terminal = Terminal.standard();
    try (StopSignal stop = new StopSignal();
        TemporaryFolder folder = TemporaryFolder.create("histoflow-demo-")) {
      if (keep) {
        folder.keep();
        terminal.say("Kept when the demo ends: " + folder.path());
      }
      DemoResult result = new Demo(terminal, stop, folder.path()).run(input, tiles);
      json.show(DemoTable.of(result), new ObjectMapper().valueToTree(result));
      return 0;
    }
  }
}
