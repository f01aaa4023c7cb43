package io.histoflow.commandline;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others: alone it does nothing and says so. */
public abstract class CommandGroup implements Runnable {
  private final String sentence;

  @Spec private CommandSpec spec;

  /**
   * @param sentence what is missing, and how it is found
   */
  protected CommandGroup(String sentence) {
    this.sentence = sentence;
  }

  @Override
  public final void run() {
    throw new ParameterException(spec.commandLine(), sentence);
  }
}
