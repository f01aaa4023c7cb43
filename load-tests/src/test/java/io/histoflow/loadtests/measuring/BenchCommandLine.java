package io.histoflow.loadtests.measuring;

import io.histoflow.launcher.Histoflow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs a benchmark's command in this process and keeps what it prints. */
public final class BenchCommandLine {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Returns the exit code of {@code histoflow bench} with these arguments. */
  public int run(String... arguments) {
    CommandLine commands = Histoflow.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(
        Stream.concat(Stream.of("bench"), List.of(arguments).stream()).toArray(String[]::new));
  }

  /** What was printed as result. */
  public String out() {
    return out.toString();
  }

  /** What was printed as error. */
  public String err() {
    return err.toString();
  }
}
