package io.histoflow.loadtests.measuring;

import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A benchmark as a command: it measures while progress is shown, prints a table and writes JSON.
 *
 * @param <S> its settings
 * @param <R> its result
 */
public abstract class Bench<S, R extends BenchResult> implements Callable<Integer> {
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  /**
   * Returns the settings that were typed.
   *
   * @throws IllegalArgumentException where they refuse it: the command was used wrongly
   */
  protected abstract S settings();

  /** Returns how many steps the measurement has, 0 where it says so itself. */
  protected long steps(S settings) {
    return 0;
  }

  /**
   * Measures.
   *
   * @param folder an empty folder, deleted afterwards
   * @param task shows how far it is
   */
  protected abstract R measure(S settings, Path folder, Task task) throws Exception;

  /** Returns the result for people. */
  protected abstract Object table(R result);

  /**
   * Draws the result, if the benchmark does.
   *
   * @param json where the result lies for machines; null where nobody asked for it
   */
  protected void draw(R result, Path json) throws IOException {}

  @Override
  public final Integer call() throws Exception {
    S settings = typed();
    R result;
    try (TemporaryFolder folder = TemporaryFolder.create("histoflow-bench-");
        Task task = Terminal.standard().start("bench " + spec.name(), steps(settings))) {
      result = measure(settings, folder.path(), task);
    }
    json.show(table(result), result.toJson());
    draw(result, json.file().orElse(null));
    return 0;
  }

  private S typed() {
    try {
      return settings();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
