package io.histoflow.commandline;

import java.util.Comparator;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command line: the commands of a root, then every {@link Subcommand} on the class path. */
public final class Program {
  private Program() {}

  /**
   * Returns the command line of a root command.
   *
   * @param root an object with a picocli {@code Command} annotation
   */
  public static CommandLine of(Object root) {
    CommandLine program = new CommandLine(root);
    ServiceLoader.load(Subcommand.class).stream()
        .map(found -> new CommandLine(found.get()))
        .sorted(Comparator.comparing(CommandLine::getCommandName))
        .forEach(found -> program.addSubcommand(found.getCommandName(), found));
    return program
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureReport())
        .setExecutionStrategy(Program::execute)
        .setParameterExceptionHandler(new UsageReport())
        .setExitCodeExceptionMapper(FailureReport::exitCodeOf);
  }

  /** Commands that compute are stopped between their steps, and others as the JVM does it. */
  private static int execute(ParseResult parsed) {
    RunLast last = new RunLast();
    ParseResult leaf = parsed;
    while (leaf.hasSubcommand()) {
      leaf = leaf.subcommand();
    }
    try {
      return leaf.commandSpec().userObject() instanceof Computation
          ? ComputingThread.compute(() -> last.execute(parsed))
          : last.execute(parsed);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception | Error e) {
      throw new ExecutionException(leaf.commandSpec().commandLine(), "The command failed.", e);
    }
  }
}
