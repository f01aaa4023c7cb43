package io.histoflow.launcher.versions;

import io.histoflow.commandline.CommandGroup;
import picocli.CommandLine.Command;

/** The versions of the decoder weights; each subcommand is a class of its own. */
@Command(
    name = "weights",
    description = "List, show, recalibrate, roll back and pin the versions of the decoder weights.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      WeightsListCommand.class,
      WeightsShowCommand.class,
      WeightsCalibrateCommand.class,
      WeightsChangeCommands.RollBack.class,
      WeightsChangeCommands.Pin.class,
      WeightsChangeCommands.Unpin.class
    })
public final class WeightsCommand extends CommandGroup {
  /** Makes the command; what it groups is in its annotation. */
  public WeightsCommand() {
    super("A command is missing; 'histoflow weights --help' lists them.");
  }
}
