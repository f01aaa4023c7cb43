package io.histoflow.launcher.letters;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What was refused; each subcommand is a class of its own. */
@Command(
    name = "dead-letters",
    description = "List and show what was refused, and publish it again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LettersListCommand.class, LettersShowCommand.class, LettersRetryCommand.class})
public final class DeadLettersCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "A command is missing; 'histoflow dead-letters --help' lists them.");
  }
}
