package io.histoflow.launcher;

import io.histoflow.launcher.options.SettingsCatalogue;
import io.histoflow.platform.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the catalogue of every setting: name, type, default, range and a sentence. */
@Command(
    name = "settings",
    description = "Print every setting: name, type, default, range and what it does.",
    mixinStandardHelpOptions = true)
final class SettingsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    for (Settings settings : SettingsCatalogue.ALL) {
      spec.commandLine().getOut().println(settings.describe());
    }
  }
}
