package io.histoflow.loadtests.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.inference.InferenceBenchResult.PeerMeasured;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.Throughput;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The same network in Python's PyTorch, as a child process that waits while others have their turn:
 * {@code load-tests/peers/pytorch_eager.py}, which says what it is told.
 */
final class PythonPeer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final String version;
  private final List<String> ways;

  /**
   * Starts the peer.
   *
   * @param python a Python 3 that has torch and numpy, see {@link #hasTorch}
   * @param arguments the script and what it takes
   * @throws BenchException where it does not start
   */
  PythonPeer(String python, List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(python);
    builder.command().addAll(arguments);
    // The settings of this program's own launcher are not the peer's.
    builder.environment().keySet().removeIf(key -> key.startsWith("MALLOC_"));
    builder.environment().remove("GLIBC_TUNABLES");
    builder.environment().remove("OMP_NUM_THREADS");
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    JsonNode greeting = answer();
    version = greeting.get("torch").asText();
    ways =
        StreamSupport.stream(greeting.get("ways").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
  }

  /** Returns whether this Python has torch and numpy. */
  static boolean hasTorch(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch, numpy")
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

  /** Returns PyTorch's version. */
  String version() {
    return version;
  }

  /** Returns the ways in which it should be measured on this device, one or more. */
  List<String> ways() {
    return ways;
  }

  /** Infers in one way for at least so long; waits until it is done. */
  Throughput run(PeerMeasured.Setting setting, double seconds) {
    JsonNode answer =
        ask(
            "run %s %d %d %s"
                .formatted(setting.way(), setting.threads(), setting.batch(), seconds));
    return new Throughput(
        answer.get("images").asInt(),
        answer.get("seconds").asDouble(),
        answer.get("cpuSeconds").asDouble());
  }

  /** Returns the probabilities of the tile, row by row. */
  float[] probabilities(Path scratch) throws IOException {
    Path file = Files.createTempFile(scratch, "probabilities", ".f32");
    float[] values = new float[ask("write " + file).get("values").asInt()];
    ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  private JsonNode ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException("the Python peer has ended", e);
    }
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new BenchException("The Python peer has ended; its message is above.");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
