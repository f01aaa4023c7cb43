package io.histoflow.loadtests.finetuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What {@link FineTuningBench} measured.
 *
 * @param settings what was asked for
 * @param modelId model that learned
 * @param cores processors that the JVM saw
 * @param threads threads that PyTorch shares an operation among
 * @param distilling steps as they are by default, which pass each crop twice
 * @param plain steps without distillation, which pass each crop once
 */
public record FineTuningBenchResult(
    FineTuningBenchSettings settings,
    String modelId,
    int cores,
    int threads,
    Measured distilling,
    Measured plain)
    implements BenchResult {

  /**
   * What one step took.
   *
   * @param millis by the clock on the wall
   * @param cpuMillis of all threads of the process
   */
  public record Step(double millis, double cpuMillis) {}

  /**
   * One kind of step. Times are medians over all steps of all rounds.
   *
   * @param passes how often a step passes each crop through the network and back
   * @param steps whole steps, at least one
   * @param bare as many bare passes as a step makes
   * @param frozen what a step has to compute by frozen weights, and nothing else
   */
  public record Measured(int passes, List<Step> steps, List<Step> bare, List<Step> frozen) {

    /** Copies the lists. */
    public Measured {
      steps = List.copyOf(steps);
      bare = List.copyOf(bare);
      frozen = List.copyOf(frozen);
    }

    /** Returns the time of a step, milliseconds. */
    public double millisPerStep() {
      return median(steps, Step::millis);
    }

    /** Returns the time of a step's bare passes, milliseconds. */
    public double bareMillisPerStep() {
      return median(bare, Step::millis);
    }

    /** Returns a step's time as a share of its bare passes'. */
    public SideBySide ratio() {
      return beside(Step::millis);
    }

    /** Returns the same by CPU time, which other work on the machine disturbs less. */
    public SideBySide cpuRatio() {
      return beside(Step::cpuMillis);
    }

    private SideBySide beside(Function<Step, Double> time) {
      return SideBySide.of(
          steps.stream().map(time).toList(), bare.stream().map(time).toList(), Double.MAX_VALUE);
    }

    /** Returns the lowest ratio that a step could have which has to compute what is frozen. */
    public double limit() {
      return 1 + median(frozen, Step::millis) / bareMillisPerStep();
    }

    /** Returns the same by CPU time. */
    public double cpuLimit() {
      return 1 + median(frozen, Step::cpuMillis) / median(bare, Step::cpuMillis);
    }

    private ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("passesPerStep", passes)
          .put("millisPerStep", millisPerStep())
          .put("bareMillisPerStep", bareMillisPerStep())
          .put("ratio", ratio().median())
          .put("limit", limit())
          .put("frozenMillisPerStep", median(frozen, Step::millis))
          .put("cpuMillisPerStep", median(steps, Step::cpuMillis))
          .put("bareCpuMillisPerStep", median(bare, Step::cpuMillis))
          .put("cpuRatio", cpuRatio().median())
          .put("cpuLimit", cpuLimit());
      json.set("millis", new Rates(steps.stream().map(Step::millis).toList()).toJson());
      json.set("bareMillis", new Rates(bare.stream().map(Step::millis).toList()).toJson());
      return json;
    }

    private static double median(List<Step> steps, ToDoubleFunction<Step> time) {
      return new Rates(steps.stream().mapToDouble(time).boxed().toList()).median();
    }
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    return Map.of(
        "ratio",
        distilling.ratio(),
        "cpuRatio",
        distilling.cpuRatio(),
        "withoutDistillation/ratio",
        plain.ratio(),
        "withoutDistillation/cpuRatio",
        plain.cpuRatio());
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = distilling.toJson();
    json.set("withoutDistillation", plain.toJson());
    return json.put("batchSize", settings.batchSize())
        .put("cropSize", settings.cropSize())
        .put("rounds", settings.rounds())
        .put("steps", settings.steps())
        .put("model", modelId)
        .put("cores", cores)
        .put("threads", threads);
  }
}
