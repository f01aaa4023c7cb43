package io.histoflow.commandline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option of every command that has a result for machines. */
public final class JsonOption {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON to this file.")
  private Path file;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Returns the file that was asked for; empty without one. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Prints the result for people, then writes that for machines as {@link #write} does. */
  public void show(Object text, JsonNode result) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    write(result);
  }

  /** Writes the result where a file was asked for; folders that lack are made. */
  public void write(JsonNode result) throws IOException {
    if (file != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, result.toPrettyString() + "\n");
    }
  }
}
