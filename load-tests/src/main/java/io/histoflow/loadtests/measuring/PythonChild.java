package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A script in Python as a child process that waits while others have their turn: it is told what to
 * do in a line of text, and answers with JSON in a line. Its first line greets.
 */
public final class PythonChild implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final JsonNode greeting;

  /**
   * Starts the script and waits for its greeting; what it says on standard error is seen.
   *
   * @param name what it is, as the beginning of a sentence
   * @param builder how it is started
   * @throws BenchException where it ends instead
   */
  public PythonChild(String name, ProcessBuilder builder) throws IOException {
    this.name = name;
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    greeting = answer();
  }

  /**
   * Returns whether a Python has modules.
   *
   * @param python executable of Python 3
   * @param modules their names, separated by commas
   */
  public static boolean hasModules(String python, String modules) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import " + modules)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns what it said first. */
  public JsonNode greeting() {
    return greeting;
  }

  /** Tells it what to do and returns its answer. */
  public JsonNode ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended", e);
    }
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new BenchException(name + " has ended; its message is above.");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
