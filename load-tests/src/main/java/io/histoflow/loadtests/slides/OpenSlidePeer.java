package io.histoflow.loadtests.slides;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.imaging.TileGrid;
import io.histoflow.loadtests.measuring.PythonChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * OpenSlide's own Python, and pydicom with Pillow for DICOM, as a child process that waits while
 * others have their turn: {@code load-tests/peers/openslide_reads.py}, which says what it is told.
 */
final class OpenSlidePeer implements AutoCloseable {
  private final PythonChild child;
  private String reader = "";

  private OpenSlidePeer(PythonChild child) {
    this.child = child;
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
      if (Files.isRegularFile(script) && PythonChild.hasModules(python, "openslide")) {
        return Optional.of(
            new OpenSlidePeer(
                new PythonChild(
                    "OpenSlide's Python", new ProcessBuilder(python, script.toString()))));
      }
    }
    return Optional.empty();
  }

  /** Returns the version of OpenSlide that it uses. */
  String version() {
    return child.greeting().get("openslide").asText();
  }

  /**
   * Opens a slide, in place of the one before.
   *
   * @return why it cannot; empty where it can
   */
  Optional<String> open(Path file, int tileSize) {
    JsonNode answer = child.ask("open %d %s".formatted(tileSize, file.toAbsolutePath()));
    reader = answer.path("peer").asText();
    return Optional.ofNullable(answer.get("refused")).map(JsonNode::asText);
  }

  /** Returns what reads the slide that is open, with its version. */
  String reader() {
    return reader;
  }

  /** Reads tiles for at least so long. */
  Turns.Turn reads(double seconds) {
    return turn(child.ask("read " + seconds));
  }

  /** Reads tiles and encodes them as PNG for at least so long. */
  Turns.Turn encodes(double seconds) {
    return turn(child.ask("encode " + seconds));
  }

  /** Returns red, green and blue of a tile, row by row. */
  byte[] tile(TileGrid.Tile at, Path scratch) throws IOException {
    Path file = Files.createTempFile(scratch, "tile", ".rgb");
    child.ask("write %d %d %d %d %s".formatted(at.x(), at.y(), at.width(), at.height(), file));
    return Files.readAllBytes(file);
  }

  private static Turns.Turn turn(JsonNode answer) {
    return new Turns.Turn(
        answer.get("tiles").asLong(),
        answer.get("seconds").asDouble(),
        answer.get("cpuSeconds").asDouble());
  }

  @Override
  public void close() {
    child.close();
  }
}
