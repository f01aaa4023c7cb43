package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Terminal.Task;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class BusyMachineTest {
  private static final int ROUNDS = 7;

  @TempDir private Path folder;

  @Test
  void shouldGiveNoFigureWhileOtherWorkTakesTurnsOfItsOwn() throws Exception {
    // Given: the same work on both sides, and a load that is there for one of them, now this one
    Work bench = new Work(true);

    // When
    Run run = run(bench);

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("Not measurable now (load ", "idle machine", "ratio: ");
    assertThat(run.json().get("ratio").isNull()).isTrue();
    assertThat(run.json().at("/notMeasured/ratio").asText()).contains("may be anything");
    assertThat(run.json().at("/sideBySide/ratio/rounds")).hasSize(ROUNDS);
  }

  @Test
  void shouldSayOnWhatMachineItMeasured() throws Exception {
    // Given
    Work bench = new Work(false);

    // When
    Run run = run(bench);

    // Then: whatever came out, the machine stands beside it
    assertThat(run.json().at("/machine/cores").asInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(run.json().at("/machine/at").asText()).startsWith("20");
    assertThat(run.json().get("machine").has("load")).isTrue();
  }

  private Run run(Work bench) throws Exception {
    StringWriter out = new StringWriter();
    Path json = folder.resolve("result.json");
    int code =
        new CommandLine(bench)
            .setOut(new PrintWriter(out, true))
            .execute("--json", json.toString());
    return new Run(code, out.toString(), new JsonMapper().readTree(json.toFile()));
  }

  private record Run(int exitCode, String out, JsonNode json) {}

  /** Rounds of the same sum on both sides. */
  @Command(name = "work")
  private static final class Work extends Bench<Integer, Measured> {
    private final boolean disturbed;

    Work(boolean disturbed) {
      this.disturbed = disturbed;
    }

    @Override
    protected Integer settings() {
      return ROUNDS;
    }

    @Override
    protected Measured measure(Integer rounds, Path folder, Task task) {
      List<Double> ours = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        ours.add(perSecond(disturbed && round % 2 == 0));
        theirs.add(perSecond(disturbed && round % 2 == 1));
      }
      return new Measured(SideBySide.of(ours, theirs, Double.MAX_VALUE));
    }

    @Override
    protected Object table(Measured result) {
      return result.ratio().text();
    }

    /** Sums a second while, if so, seven threads a core have something to do as well. */
    private static double perSecond(boolean loaded) {
      AtomicBoolean over = new AtomicBoolean();
      List<Thread> load =
          IntStream.range(0, loaded ? 7 * Runtime.getRuntime().availableProcessors() : 0)
              .mapToObj(
                  i ->
                      new Thread(
                          () -> {
                            while (!over.get()) {
                              Thread.onSpinWait();
                            }
                          }))
              .toList();
      load.forEach(Thread::start);
      long began = System.nanoTime();
      double sum = 0;
      for (int i = 1; i < 20_000_000; i++) {
        sum += 1.0 / i;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      over.set(true);
      assertThat(sum).isPositive();
      return 1 / seconds;
    }
  }

  private record Measured(SideBySide ratio) implements BenchResult {
    @Override
    public ObjectNode toJson() {
      return JsonNodeFactory.instance.objectNode().put("ratio", ratio.median());
    }

    @Override
    public Map<String, SideBySide> sideBySide() {
      return Map.of("ratio", ratio);
    }
  }
}
