package io.histoflow.loadtests.slides;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.imaging.TileGrid;
import io.histoflow.loadtests.measuring.BenchException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * OpenSlide's own Python, as a child process that waits while others have their turn: {@code
 * load-tests/peers/openslide_reads.py}, which says what it is told.
 */
final class OpenSlidePeer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final String version;

  private OpenSlidePeer(Process process) throws IOException {
    this.process = process;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.version = answer().get("openslide").asText();
  }

  /**
   * Starts the peer with the first Python that has OpenSlide.
   *
   * @param pythons executables of Python 3
   * @param script {@code openslide_reads.py}
   * @return empty where none has it
   */
  static Optional<OpenSlidePeer> start(List<String> pythons, Path script) throws IOException {
    for (String python : pythons) {
      if (Files.isRegularFile(script) && hasOpenSlide(python)) {
        return Optional.of(
            new OpenSlidePeer(
                new ProcessBuilder(python, script.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()));
      }
    }
    return Optional.empty();
  }

  private static boolean hasOpenSlide(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import openslide")
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

  /** Returns the version of OpenSlide that it uses. */
  String version() {
    return version;
  }

  /**
   * Opens a slide, in place of the one before.
   *
   * @return why it cannot; empty where it can
   */
  Optional<String> open(Path file, int tileSize) {
    JsonNode answer = ask("open %d %s".formatted(tileSize, file.toAbsolutePath()));
    return Optional.ofNullable(answer.get("refused")).map(JsonNode::asText);
  }

  /** Returns how many tiles a second it reads, for at least so long. */
  double reads(double seconds) {
    return rate(ask("read " + seconds));
  }

  /** Returns how many tiles a second it reads and encodes as PNG, for at least so long. */
  double encodes(double seconds) {
    return rate(ask("encode " + seconds));
  }

  /** Returns red, green and blue of a tile, row by row. */
  byte[] tile(TileGrid.Tile at, Path scratch) throws IOException {
    Path file = Files.createTempFile(scratch, "tile", ".rgb");
    ask("write %d %d %d %d %s".formatted(at.x(), at.y(), at.width(), at.height(), file));
    return Files.readAllBytes(file);
  }

  private static double rate(JsonNode answer) {
    return answer.get("tiles").asInt() / answer.get("seconds").asDouble();
  }

  private JsonNode ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException("OpenSlide's Python has ended", e);
    }
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new BenchException("OpenSlide's Python has ended; its message is above.");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
