package io.histoflow.launcher;

import io.histoflow.commandline.CommandGroup;
import io.histoflow.commandline.Program;
import io.histoflow.launcher.letters.DeadLettersCommand;
import io.histoflow.launcher.recall.RecallCommand;
import io.histoflow.launcher.versions.WeightsCommand;
import io.histoflow.platform.lifecycle.ProcessLocale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command; each subcommand is a class of its own, some of them in other modules. */
@Command(
    name = "histoflow",
    description = "Recall-first, event-driven screening of histopathology tiles.",
    mixinStandardHelpOptions = true,
    version = "histoflow 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ScanCommand.class,
      ReplayCommand.class,
      ExportCommand.class,
      CorrectCommand.class,
      ServiceCommands.Infer.class,
      ServiceCommands.Route.class,
      ServiceCommands.Review.class,
      ServiceCommands.FineTune.class,
      ServiceCommands.Report.class,
      ServiceCommands.Upload.class,
      PartsCommand.class,
      WeightsCommand.class,
      RecallCommand.class,
      DeadLettersCommand.class,
      SettingsCommand.class,
      AclsCommand.class
    })
public final class Histoflow extends CommandGroup {
  /** Makes the command; what it groups is in its annotation. */
  public Histoflow() {
    super("A command is missing; 'histoflow --help' lists them.");
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    ProcessLocale.use();
    LogLevels.choose(args);
    System.exit(commandLine().execute(args));
  }

  /** Returns the whole command line. */
  public static CommandLine commandLine() {
    return Program.of(new Histoflow());
  }
}
