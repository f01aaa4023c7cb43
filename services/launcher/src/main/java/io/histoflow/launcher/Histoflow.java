package io.histoflow.launcher;

import io.histoflow.launcher.console.ComputingThread;
import io.histoflow.platform.lifecycle.ProcessLocale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The root command; each subcommand is a class of its own. */
@Command(
    name = "histoflow",
    description = "Recall-first, event-driven screening of histopathology tiles.",
    mixinStandardHelpOptions = true,
    version = "histoflow 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ScanCommand.class,
      ReplayCommand.class,
      ServiceCommands.Infer.class,
      ServiceCommands.Route.class,
      ServiceCommands.Review.class,
      ServiceCommands.FineTune.class,
      ServiceCommands.Report.class,
      PartsCommand.class,
      WeightsCommand.class,
      DeadLettersCommand.class,
      AlignCommand.class,
      TrainCommand.class,
      CalibrateCommand.class,
      EvaluateCommand.class,
      StudyCommand.class,
      BenchCommand.class,
      SettingsCommand.class
    })
public final class Histoflow implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    ProcessLocale.use();
    LogLevels.choose(args);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Histoflow())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureReport())
        .setExecutionStrategy(Histoflow::execute)
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

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "A command is missing; 'histoflow --help' lists them.");
  }
}
