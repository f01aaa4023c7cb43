package io.histoflow.platform.lifecycle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A running child process that ends when this object is closed or this process dies.
 *
 * <p>The child's standard input is a pipe that nothing is written to and that ends with this
 * process; its main class calls {@link ParentWatch#exitWhenParentDies} (or is started through
 * {@link WatchedMain}) and exits when it ends. Closing ends the pipe first, so that the child shuts
 * down in order, and uses force when that takes too long.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int TAIL_BYTES = 8192;
  private static final int MOST_WORDS = 500;
  private static final int SIGNALLED = 128;
  private static final Pattern ERROR = Pattern.compile(" ERROR |^histoflow: |OutOfMemoryError");
  private static final Pattern LOG_PREFIX =
      Pattern.compile("^(\\S+ ERROR +\\[[^]]*] \\S+ |histoflow: )");
  private static final Duration TERMINATE_TIMEOUT = Duration.ofSeconds(3);
  private static final long LAST_WORDS_MILLIS = 1000;

  private final ChildCommand command;
  private final Process process;
  private final Duration gentleTimeout;
  private final Thread log;

  private ChildProcess(ChildCommand command, Process process, Duration gentleTimeout, Thread log) {
    this.command = command;
    this.process = process;
    this.gentleTimeout = gentleTimeout;
    this.log = log;
  }

  /**
   * Starts a child process.
   *
   * @param command how to start it
   * @param gentleTimeout how long closing waits for it to end by itself
   * @return the running process
   * @throws ServiceException when it cannot be started
   */
  public static ChildProcess start(ChildCommand command, Duration gentleTimeout) {
    return start(command, gentleTimeout, line -> {});
  }

  /**
   * Starts a child process.
   *
   * @param command how to start it
   * @param gentleTimeout how long closing waits for it to end by itself
   * @param lines receives each line of its output, on a thread of its own
   * @return the running process
   * @throws ServiceException when it cannot be started
   */
  public static ChildProcess start(
      ChildCommand command, Duration gentleTimeout, Consumer<String> lines) {
    try {
      Files.createDirectories(command.logFile().toAbsolutePath().getParent());
      ProcessBuilder builder = new ProcessBuilder(command.command()).redirectErrorStream(true);
      builder.environment().putAll(command.environment());
      builder.environment().put(ParentWatch.PIPE_VARIABLE, "1");
      Process process = builder.start();
      Thread log =
          new Thread(
              new ChildLog(process.getInputStream(), command.logFile(), lines),
              "log of " + command.name());
      log.setDaemon(true);
      try {
        log.start();
      } catch (Error e) {
        // The machine has no thread left, and nobody would know of the process.
        process.destroyForcibly();
        throw e;
      }
      return new ChildProcess(command, process, gentleTimeout, log);
    } catch (IOException e) {
      throw new ServiceException(
          "The process " + command.name() + " cannot be started: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Returns the process id.
   *
   * @return the id that the operating system gave the child
   */
  public long pid() {
    return process.pid();
  }

  /**
   * Tells whether the child is running.
   *
   * @return false once it has ended
   */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for the child to end.
   *
   * @param timeout how long to wait
   * @return true when it has ended
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Says how the child ended, for a person.
   *
   * @return one sentence with the exit code or the signal, the log file and the last words in it
   */
  public String obituary() {
    awaitLastWords();
    int code = process.exitValue();
    String words = code > SIGNALLED ? "" : lastWords();
    return "The process "
        + command.name()
        + (code > SIGNALLED
            ? " was ended by signal " + (code - SIGNALLED)
            : " ended with exit code " + code)
        + (words.isEmpty() ? "" : ", saying \"" + words + "\"")
        + " (see "
        + command.logFile()
        + ").";
  }

  /** The last error among the last lines, else the last lines; what a log puts before it is cut. */
  private String lastWords() {
    List<String> lines = lastLogLines(12);
    List<String> errors = lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
    List<String> chosen =
        errors.isEmpty()
            ? lines.subList(Math.max(0, lines.size() - 3), lines.size())
            : errors.subList(errors.size() - 1, errors.size());
    String words =
        chosen.stream()
            .map(line -> LOG_PREFIX.matcher(line).replaceFirst(""))
            .collect(Collectors.joining(" | "));
    return words.length() <= MOST_WORDS ? words : words.substring(0, MOST_WORDS) + "...";
  }

  /**
   * Returns the exit code.
   *
   * @return the code; 128 plus the signal's number when a signal ended it
   * @throws IllegalThreadStateException while the child is running
   */
  public int exitCode() {
    return process.exitValue();
  }

  /**
   * Returns the last lines of the child's log that say something: neither blank nor the frames of a
   * stack trace.
   *
   * @param count how many at most
   * @return the lines, oldest first
   */
  public List<String> lastLogLines(int count) {
    try (RandomAccessFile file = new RandomAccessFile(command.logFile().toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(TAIL_BYTES, file.length())];
      file.seek(file.length() - tail.length);
      file.readFully(tail);
      List<String> lines =
          new String(tail, StandardCharsets.UTF_8).lines().filter(ChildProcess::speaks).toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Asks the child to end, and does not wait: ends its standard input. May be called again. */
  public void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is closed already.
    }
  }

  /** Ends the child: gently first, by force when it does not end in time. May be called again. */
  @Override
  public void close() {
    askToEnd();
    try {
      if (awaitEnd(gentleTimeout)) {
        return;
      }
      process.destroy();
      if (awaitEnd(TERMINATE_TIMEOUT)) {
        return;
      }
      process.destroyForcibly();
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean speaks(String line) {
    String text = line.strip();
    return !text.isEmpty()
        && !text.startsWith("at ")
        && !text.startsWith("... ")
        && PartNotice.parse(line).isEmpty();
  }

  /** A grandchild that lives on may keep the pipe open. */
  private void awaitLastWords() {
    try {
      log.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
