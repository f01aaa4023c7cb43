package io.histoflow.commandline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of every command that has a result for machines. */
public final class JsonOption {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON to this file.")
  private Path file;

  /** Returns the file that was asked for; empty without one. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Writes the result where a file was asked for; folders that lack are made. */
  public void write(JsonNode result) throws IOException {
    if (file != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, result.toPrettyString() + "\n");
    }
  }
}
