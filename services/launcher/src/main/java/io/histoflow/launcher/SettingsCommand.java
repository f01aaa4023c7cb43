package io.histoflow.launcher;

import io.histoflow.finetuning.FineTuningService;
import io.histoflow.inference.InferenceService;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.Settings;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewService;
import io.histoflow.routing.RoutingService;
import io.histoflow.scanning.SlideScanner;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the catalogue of every setting: name, type, default, range and a sentence. */
@Command(
    name = "settings",
    description = "Print every setting: name, type, default, range and what it does.",
    mixinStandardHelpOptions = true)
final class SettingsCommand implements Runnable {
  static final List<Settings> CATALOGUE =
      List.of(
          CommonSettings.SETTINGS,
          SlideScanner.SETTINGS,
          InferenceService.SETTINGS,
          RoutingService.SETTINGS,
          ReviewService.SETTINGS,
          FineTuningService.SETTINGS,
          ReportingService.SETTINGS);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    for (Settings settings : CATALOGUE) {
      spec.commandLine().getOut().println(settings.describe());
    }
  }
}
