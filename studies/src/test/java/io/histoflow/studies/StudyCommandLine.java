package io.histoflow.studies;

import io.histoflow.commandline.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program with the commands of this module alone. */
public final class StudyCommandLine {
  private StudyCommandLine() {}

  @Command(name = "histoflow")
  private static final class Root {}

  /** Returns it. */
  public static CommandLine make() {
    return Program.of(new Root());
  }
}
