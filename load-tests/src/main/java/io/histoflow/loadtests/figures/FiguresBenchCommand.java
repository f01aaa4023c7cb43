package io.histoflow.loadtests.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.TemporaryFolder;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.Machine;
import io.histoflow.loadtests.measuring.OwnProgram;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All benches of speed, one after the other, and the page of their figures. */
@Command(
    name = "all",
    description = {
      "Runs every bench of speed in a process of its own and writes all figures with date, machine"
          + " and load. What could not be measured is said, and then the exit code is 1."
    },
    mixinStandardHelpOptions = true)
public final class FiguresBenchCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration GENTLE_END = Duration.ofSeconds(10);
  private static final int LINES_OF_FAILURE = 5;

  @Mixin private JsonOption json;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Write the figures as a page (load-tests/FIGURES.md).")
  private Path page;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Run these only: ${COMPLETION-CANDIDATES}.")
  private List<FigureRun> only = List.of(FigureRun.values());

  @Spec private CommandSpec spec;

  private final JsonMapper mapper = new JsonMapper();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode machine = Machine.now().toJson();
    Map<FigureRun, JsonNode> results = new EnumMap<>(FigureRun.class);
    List<String> failures = new ArrayList<>();
    try (TemporaryFolder folder = TemporaryFolder.create("histoflow-bench-all-");
        Task task = Terminal.standard().start("bench all", only.size())) {
      for (FigureRun run : only) {
        task.onProgress("bench all", results.size(), only.size(), run.word());
        Outcome outcome = run(run, folder.path());
        results.put(run, outcome.result());
        outcome.failure().ifPresent(failures::add);
        write(machine, results);
      }
    }
    spec.commandLine().getOut().print(table(results) + String.join("", failures));
    spec.commandLine().getOut().flush();
    return failures.isEmpty() ? 0 : 1;
  }

  /** What is measured is kept, whatever becomes of the next bench. */
  private void write(ObjectNode machine, Map<FigureRun, JsonNode> results) throws IOException {
    ObjectNode all = mapper.createObjectNode();
    all.set("machine", machine);
    results.forEach((run, result) -> all.set(run.word(), result));
    json.write(all);
    if (page != null) {
      Files.writeString(page, FigurePage.of(machine, results));
    }
  }

  private Outcome run(FigureRun run, Path folder) throws IOException, InterruptedException {
    Path result = folder.resolve(run.word() + ".json");
    ChildCommand command =
        OwnProgram.command(
            "bench " + run.word(),
            folder.resolve(run.word() + ".log"),
            run.arguments(result).toArray(String[]::new));
    try (ChildProcess child = ChildProcess.start(command, GENTLE_END)) {
      if (!child.awaitEnd(LONGEST)) {
        throw new BenchException("The bench %s did not end within an hour.".formatted(run.word()));
      }
      JsonNode json =
          Files.exists(result) ? mapper.readTree(result.toFile()) : mapper.createObjectNode();
      String end = String.join("%n".formatted(), child.lastLogLines(LINES_OF_FAILURE));
      return new Outcome(
          json,
          child.exitCode() == 0
              ? Optional.empty()
              : Optional.of("%s:%n%s%n".formatted(run.command(), end)));
    }
  }

  private static Table table(Map<FigureRun, JsonNode> results) {
    Table table = new Table("what", "goal", "figure");
    for (Figure figure : FigurePage.FIGURES) {
      JsonNode result = results.get(figure.run());
      if (result != null) {
        table.row(figure.what(), figure.goalText(result), figure.text(result));
      }
    }
    return table;
  }

  private record Outcome(JsonNode result, Optional<String> failure) {}
}
