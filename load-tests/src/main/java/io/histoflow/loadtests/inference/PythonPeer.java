package io.histoflow.loadtests.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.loadtests.inference.InferenceBenchResult.PeerMeasured;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.PythonChild;
import io.histoflow.loadtests.measuring.Throughput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The same network in Python's PyTorch, as a child process that waits while others have their turn:
 * {@code load-tests/peers/pytorch_eager.py}, which says what it is told.
 */
final class PythonPeer implements AutoCloseable {
  private final PythonChild child;
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
    child = new PythonChild("The Python peer", builder);
    JsonNode greeting = child.greeting();
    version = greeting.get("torch").asText();
    ways =
        StreamSupport.stream(greeting.get("ways").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
  }

  /** Returns whether this Python has torch and numpy. */
  static boolean hasTorch(String python) {
    return PythonChild.hasModules(python, "torch, numpy");
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
        child.ask(
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
    float[] values = new float[child.ask("write " + file).get("values").asInt()];
    ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  @Override
  public void close() {
    child.close();
  }
}
