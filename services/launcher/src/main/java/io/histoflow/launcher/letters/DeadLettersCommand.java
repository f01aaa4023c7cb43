package io.histoflow.launcher.letters;

import io.histoflow.commandline.CommandGroup;
import picocli.CommandLine.Command;

/** What was refused; each subcommand is a class of its own. */
@Command(
    name = "dead-letters",
    description = "List and show what was refused, and publish it again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LettersListCommand.class, LettersShowCommand.class, LettersRetryCommand.class})
public final class DeadLettersCommand extends CommandGroup {
  /** Makes the command; what it groups is in its annotation. */
  public DeadLettersCommand() {
    super("A command is missing; 'histoflow dead-letters --help' lists them.");
  }
}
