package io.histoflow.loadtests.measuring;

import io.histoflow.commandline.PlotOption.Picture;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of a benchmark that draws its result, beside the JSON file unless told otherwise. */
public final class PictureOption {
  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the result as PNG; without it beside the JSON file.")
  private Path file;

  /**
   * Draws where a file was asked for.
   *
   * @param json the JSON file; null without one
   */
  public void draw(Path json, Picture picture) throws IOException {
    if (file != null) {
      picture.write(file);
    } else if (json != null) {
      String name = json.getFileName().toString().replaceFirst("[.]json$", "");
      picture.write(json.resolveSibling(name + ".png"));
    }
  }
}
