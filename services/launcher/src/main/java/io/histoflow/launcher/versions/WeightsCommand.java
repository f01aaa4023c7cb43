package io.histoflow.launcher.versions;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The versions of the decoder weights; each subcommand is a class of its own. */
@Command(
    name = "weights",
    description = "List, show, roll back and pin the versions of the decoder weights.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      WeightsListCommand.class,
      WeightsShowCommand.class,
      WeightsChangeCommands.RollBack.class,
      WeightsChangeCommands.Pin.class,
      WeightsChangeCommands.Unpin.class
    })
public final class WeightsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "A command is missing; 'histoflow weights --help' lists them.");
  }
}
