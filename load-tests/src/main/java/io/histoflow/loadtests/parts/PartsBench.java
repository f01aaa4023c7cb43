package io.histoflow.loadtests.parts;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.measuring.BenchException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times each of {@link TileParts} by JMH, one after the other and each in a JVM of its own.
 *
 * @param settings what to measure
 * @param progress told about each part
 */
public record PartsBench(PartsBenchSettings settings, ProgressListener progress) {
  private static final String PHASE = "parts bench";

  /**
   * Runs the benchmark.
   *
   * @throws BenchException when a part fails
   */
  public PartsBenchResult run() {
    List<PartsBenchResult.Part> parts = new ArrayList<>();
    List<String> names = names();
    for (String name : names) {
      progress.onProgress(PHASE, parts.size(), names.size(), name);
      parts.add(time(name));
    }
    progress.onProgress(PHASE, names.size(), names.size(), "done");
    return new PartsBenchResult(settings, parts);
  }

  /** Returns the names of all parts, in order. */
  static List<String> names() {
    return Arrays.stream(TileParts.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(Method::getName)
        .sorted()
        .toList();
  }

  private PartsBenchResult.Part time(String name) {
    TimeValue turn = TimeValue.milliseconds(settings.turn().toMillis());
    try {
      Result<?> result =
          new Runner(
                  new OptionsBuilder()
                      .include("^" + TileParts.class.getName() + "\\." + name + "$")
                      .param("edge", Integer.toString(settings.edge()))
                      .forks(settings.separateJvms() ? 1 : 0)
                      .warmupIterations(settings.turns())
                      .warmupTime(turn)
                      .measurementIterations(settings.turns())
                      .measurementTime(turn)
                      .shouldFailOnError(true)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .runSingle()
              .getPrimaryResult();
      return new PartsBenchResult.Part(
          name,
          result.getScore(),
          result.getStatistics().getMin(),
          result.getStatistics().getMax());
    } catch (RunnerException e) {
      throw new BenchException("The part " + name + " cannot be timed: " + e.getMessage(), e);
    }
  }
}
