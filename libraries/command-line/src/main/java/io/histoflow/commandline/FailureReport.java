package io.histoflow.commandline;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.lifecycle.Sentences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns a failure into one sentence on standard error; the stack trace goes to the log at debug.
 */
final class FailureReport implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult parseResult) {
    command.getErr().println("histoflow: " + sentence(failure));
    LOG.atDebug().setCause(failure).log("command failed");
    return exitCodeOf(failure);
  }

  /** The command line wraps what is no exception, such as a heap that is full. */
  private static String sentence(Exception failure) {
    return failure.getCause() instanceof OutOfMemoryError full
        ? "This needs more memory than it may have ("
            + Sentences.of(full)
            + "): raise the limit, for example with HISTOFLOW_JAVA_OPTS=-Xmx8g."
        : Sentences.of(failure.getCause() instanceof Error error ? error : failure);
  }

  /**
   * 2 where the arguments or the configuration are wrong, 130 or 143 where the command was stopped
   * by Ctrl-C or SIGTERM, 1 for everything else.
   */
  static int exitCodeOf(Throwable failure) {
    if (failure instanceof StoppedException stopped) {
      return stopped.exitCode();
    }
    return failure instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }
}
