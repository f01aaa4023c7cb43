package io.histoflow.launcher;

import io.histoflow.segmentation.dataset.Dataset;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of every command that looks at images with known masks. */
final class DataOption {
  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
  private List<Path> folders;

  /** Returns the folders in the order they were given. */
  List<Path> folders() {
    return folders;
  }

  /** Opens all folders as one data set. */
  Dataset open() {
    return Dataset.open(folders);
  }
}
