package io.histoflow.launcher.versions;

import io.histoflow.weights.versions.ChangeNote;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that changes which weights are in force: who, and why. */
final class ChangeNoteOption {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the record; at most 2,000 characters.")
  private String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who, for the record; without it the user of this machine.")
  private String by = System.getProperty("user.name");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the note.
   *
   * @throws ParameterException where it says nothing that can be kept
   */
  ChangeNote note() {
    try {
      return new ChangeNote(by, Optional.ofNullable(reason));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
