package io.histoflow.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Studies: measurements that back a choice in the system. */
@Command(
    name = "study",
    description = "Measure what a choice achieves, on data sets with known masks.",
    mixinStandardHelpOptions = true,
    subcommands = RoutingStudyCommand.class)
final class StudyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Name a study; 'histoflow study --help' lists them.");
  }
}
