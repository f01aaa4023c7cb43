package io.histoflow.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Studies of models; each subcommand is a class of its own. */
@Command(
    name = "study",
    description = "Study what makes models better and what they withstand.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainingStudyCommand.Ablation.class,
      TrainingStudyCommand.Embedding.class,
      TrainingStudyCommand.Loss.class,
      TrainingStudyCommand.Colour.class,
      CrossValidationStudyCommand.class,
      StainStudyCommand.class,
      RoutingStudyCommand.class,
      CorrectionStudyCommand.class,
      BackgroundStudyCommand.class,
    })
final class StudyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Name a study; 'histoflow study --help' lists them.");
  }
}
