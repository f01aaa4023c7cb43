package io.histoflow.studies;

import io.histoflow.commandline.Subcommand;
import io.histoflow.studies.background.BackgroundStudyCommand;
import io.histoflow.studies.corrections.CorrectionStudyCommand;
import io.histoflow.studies.crossvalidation.CrossValidationStudyCommand;
import io.histoflow.studies.routing.RoutingStudyCommand;
import io.histoflow.studies.stain.StainStudyCommand;
import io.histoflow.studies.training.TrainingStudyCommand;
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
public final class StudyCommand implements Runnable, Subcommand {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Name a study; 'histoflow study --help' lists them.");
  }
}
