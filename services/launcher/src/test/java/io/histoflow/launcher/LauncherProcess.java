package io.histoflow.launcher;

import io.histoflow.platform.lifecycle.ProcessLocale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command line in a JVM of its own, as a person does. */
public final class LauncherProcess implements AutoCloseable {
  private static final long MINUTES = 8;

  private final Process process;
  private final Path log;

  private LauncherProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Exit code and everything printed. */
  public record Result(int exitCode, String output) {}

  /** Starts a command; output goes to a file in the folder. */
  public static LauncherProcess start(Path folder, String... arguments) throws IOException {
    Path log = folder.resolve("histoflow-" + System.nanoTime() + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ProcessLocale.JVM_OPTIONS);
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dhistoflow.home=" + folder);
    command.add("-Dhistoflow.registry.home=" + System.getProperty("histoflow.registry.home"));
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Histoflow.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(ProcessLocale.ENVIRONMENT);
    return new LauncherProcess(builder.start(), log);
  }

  /** Runs a command to its end. */
  public static Result run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    try (LauncherProcess running = start(folder, arguments)) {
      if (!running.process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(
            "The command did not end within " + MINUTES + " minutes:\n" + running.output());
      }
      return new Result(running.process.exitValue(), running.output());
    }
  }

  /** What it has printed until now. */
  public String output() throws IOException {
    return Files.readString(log);
  }

  /** The operating system's process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Sends SIGTERM, as `kill` does. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end and returns its exit code. */
  int waitFor(Duration atMost) throws IOException, InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("The command did not end within " + atMost + ":\n" + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
