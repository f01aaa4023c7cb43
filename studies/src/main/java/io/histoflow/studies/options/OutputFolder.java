package io.histoflow.studies.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder that a data set is written to. */
public final class OutputFolder {
  private OutputFolder() {}

  /** Tells whether nothing that is there could be mixed up with what will be written. */
  public static boolean isEmptyOrNew(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }
}
