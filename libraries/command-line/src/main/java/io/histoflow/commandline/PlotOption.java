package io.histoflow.commandline;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that draws its result. */
public final class PlotOption {
  @Option(names = "--plot", paramLabel = "FILE.png", description = "Draw the result as PNG.")
  private Path file;

  /** Writes a picture to a file. */
  @FunctionalInterface
  public interface Picture {
    void write(Path file) throws IOException;
  }

  /** Draws where a file was asked for. */
  public void draw(Picture picture) throws IOException {
    if (file != null) {
      picture.write(file);
    }
  }
}
