package io.histoflow.studies;

import io.histoflow.commandline.CommandGroup;
import io.histoflow.commandline.Subcommand;
import io.histoflow.studies.background.BackgroundStudyCommand;
import io.histoflow.studies.corrections.CorrectionStudyCommand;
import io.histoflow.studies.crossvalidation.CrossValidationStudyCommand;
import io.histoflow.studies.ihc.DabStudyCommand;
import io.histoflow.studies.ihc.RegistrationStudyCommand;
import io.histoflow.studies.laboratories.LaboratoryStudyCommand;
import io.histoflow.studies.overlay.OverlayCommand;
import io.histoflow.studies.paper.PaperStudyCommand;
import io.histoflow.studies.resolution.ResolutionStudyCommand;
import io.histoflow.studies.routing.RoutingStudyCommand;
import io.histoflow.studies.stain.StainStudyCommand;
import io.histoflow.studies.thresholds.ThresholdStudyCommand;
import io.histoflow.studies.training.TrainingStudyCommand;
import picocli.CommandLine.Command;

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
      LaboratoryStudyCommand.class,
      PaperStudyCommand.class,
      StainStudyCommand.class,
      ThresholdStudyCommand.class,
      RoutingStudyCommand.class,
      CorrectionStudyCommand.class,
      BackgroundStudyCommand.class,
      ResolutionStudyCommand.class,
      RegistrationStudyCommand.class,
      DabStudyCommand.class,
      OverlayCommand.class,
    })
public final class StudyCommand extends CommandGroup implements Subcommand {
  /** Makes the command; what it groups is in its annotation. */
  public StudyCommand() {
    super("Name a study; 'histoflow study --help' lists them.");
  }
}
