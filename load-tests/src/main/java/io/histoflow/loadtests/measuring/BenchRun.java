package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every benchmark does around its measurement. */
public final class BenchRun {
  @Mixin private JsonOption json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** A measurement. */
  @FunctionalInterface
  public interface Measurement<R> {
    /**
     * Measures.
     *
     * @param folder an empty folder, deleted afterwards
     * @param task shows how far it is
     */
    R run(Path folder, Task task) throws Exception;
  }

  /** Makes settings of what was typed; where they refuse it, the command was used wrongly. */
  public <S> S settings(Supplier<S> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * Measures while progress is shown.
   *
   * @param total steps of the task, 0 where the measurement says so
   */
  public <R> R measure(long total, Measurement<R> measurement) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create("histoflow-bench-");
        Task task = Terminal.standard().start("bench " + spec.name(), total)) {
      return measurement.run(folder.path(), task);
    }
  }

  /** Prints the result for people and writes that for machines. */
  public void show(Object table, JsonNode result) throws IOException {
    spec.commandLine().getOut().print(table);
    spec.commandLine().getOut().flush();
    json.write(result);
  }

  /**
   * Returns where to draw the result: where it was asked for, else beside the JSON file; empty
   * where there is neither.
   */
  public Optional<Path> picture(Path asked) {
    return Optional.ofNullable(asked).or(() -> json.file().map(BenchRun::besides));
  }

  private static Path besides(Path file) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.replaceFirst("[.]json$", "") + ".png");
  }
}
