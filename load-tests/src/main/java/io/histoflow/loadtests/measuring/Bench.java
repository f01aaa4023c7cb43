package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Figures;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A benchmark as a command: it measures while progress is shown, prints a table and writes JSON. A
 * ratio that could not be measured, for other work took turns of its own, is no figure: then the
 * command says so, the JSON has null in its place, and the exit code is 1.
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
    Machine machine = Machine.now();
    R result;
    try (TemporaryFolder folder = TemporaryFolder.create("histoflow-bench-");
        Task task = Terminal.standard().start("bench " + spec.name(), steps(settings))) {
      result = measure(settings, folder.path(), task);
    }
    ObjectNode forMachines = result.toJson();
    forMachines.set("machine", machine.toJson());
    List<String> doubts = doubts(result, forMachines);
    boolean isAnyMeasured = doubts.isEmpty() || doubts.size() < result.sideBySide().size();
    json.show((isAnyMeasured ? table(result) : "") + refusal(doubts, machine), forMachines);
    draw(result, json.file().orElse(null));
    return doubts.isEmpty() ? 0 : 1;
  }

  private static List<String> doubts(BenchResult result, ObjectNode json) {
    List<String> doubts = new ArrayList<>();
    result
        .sideBySide()
        .forEach(
            (key, measured) -> {
              int slash = key.lastIndexOf('/');
              ObjectNode holder =
                  slash < 0 ? json : (ObjectNode) json.at("/" + key.substring(0, slash));
              String name = key.substring(slash + 1);
              holder.withObject("/sideBySide").set(name, measured.toJson());
              measured
                  .doubt()
                  .ifPresent(
                      why -> {
                        holder.putNull(name);
                        holder.withObject("/notMeasured").put(name, why);
                        doubts.add(key + ": " + why);
                      });
            });
    return doubts;
  }

  private static String refusal(List<String> doubts, Machine machine) {
    if (doubts.isEmpty()) {
      return "";
    }
    return Figures.text(
        "Not measurable now (load %.1f on %d cores; try again on an idle machine):%n%s%n",
        machine.load(), machine.cores(), String.join(System.lineSeparator(), doubts));
  }

  private S typed() {
    try {
      return settings();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
