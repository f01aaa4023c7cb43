package io.histoflow.loadtests.recall;

import io.histoflow.loadtests.recall.SimulatedOrgan.Outcome;
import io.histoflow.loadtests.recall.SimulatedOrgan.Settled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Simulates deployments whose truth is known, and compares it with what is estimated: many of them
 * by the estimators alone, one through the real topology.
 */
final class RecallBench {
  private final RecallBenchSettings settings;
  private final LongConsumer progress;

  RecallBench(RecallBenchSettings settings, LongConsumer progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param folder of the topology's state
   */
  RecallBenchResult run(Path folder) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    double[] thresholds = {
      SimulatedOrgan.threshold(SimulatedOrgan.LEVEL, random.split()),
      SimulatedOrgan.threshold(SimulatedOrgan.FALLEN, random.split())
    };
    int perOrgan = settings.tiles() / settings.organs();
    List<List<Outcome>> byOrgan = new ArrayList<>();
    for (int organ = 0; organ < settings.organs(); organ++) {
      byOrgan.add(new ArrayList<>());
    }
    boolean[] alarmed = new boolean[settings.repetitions()];
    for (int repetition = 0; repetition < settings.repetitions(); repetition++) {
      List<Settled> steady = new ArrayList<>();
      for (int organ = 0; organ < settings.organs(); organ++) {
        boolean falls = organ < RecallBenchSettings.FALLING;
        SimulatedOrgan simulated = new SimulatedOrgan(organ, falls, random.split());
        byOrgan.get(organ).add(simulated.run(perOrgan, thresholds));
        if (!falls) {
          steady.addAll(simulated.settled());
        }
      }
      alarmed[repetition] = SimulatedOrgan.alarmsAllOrgans(steady);
      progress.accept(repetition + 1);
    }
    Measured measured =
        settings.topologyTiles() == 0
            ? Measured.NOTHING
            : new RecallTopology(settings, tiles -> progress.accept(settings.repetitions() + tiles))
                .run(folder);
    return result(byOrgan, alarmed, measured);
  }

  private RecallBenchResult result(
      List<List<Outcome>> byOrgan, boolean[] ofAllOrgans, Measured measured) {
    double[] truths = byOrgan.stream().mapToDouble(RecallBench::expected).toArray();
    List<Integer> toAlarm =
        byOrgan.stream()
            .limit(RecallBenchSettings.FALLING)
            .flatMap(List::stream)
            .map(Outcome::tilesToAlarm)
            .filter(tiles -> tiles >= 0)
            .sorted()
            .toList();
    long falseAlarms =
        IntStream.range(0, settings.repetitions())
            .filter(
                rep ->
                    ofAllOrgans[rep]
                        || byOrgan.stream().anyMatch(organ -> organ.get(rep).falseAlarm()))
            .count();
    return new RecallBenchResult(
        settings,
        share(byOrgan, truths, false),
        share(byOrgan, truths, true),
        (double) falseAlarms / settings.repetitions(),
        toAlarm,
        bias(byOrgan, truths),
        byOrgan.stream()
            .flatMap(List::stream)
            .mapToDouble(RecallBench::halfWidth)
            .average()
            .orElse(0),
        ratio(byOrgan, o -> o.recall().value(), Outcome::drawnAlone),
        ratio(byOrgan, o -> o.recall().value(), Outcome::asManyAlone),
        ratio(byOrgan, Outcome::withCensus, Outcome::asManyAlone),
        byOrgan.stream()
            .skip(RecallBenchSettings.FALLING)
            .flatMap(List::stream)
            .mapToDouble(o -> o.recall().value())
            .average()
            .orElse(Double.NaN),
        byOrgan.stream()
            .skip(RecallBenchSettings.FALLING)
            .flatMap(List::stream)
            .mapToDouble(o -> o.system().value())
            .average()
            .orElse(Double.NaN),
        measured);
  }

  /** Returns the recall that the process has: that over all tiles of all repetitions. */
  private static double expected(List<Outcome> outcomes) {
    double found = outcomes.stream().mapToDouble(Outcome::found).sum();
    return found / (found + outcomes.stream().mapToDouble(Outcome::missed).sum());
  }

  private static double share(List<List<Outcome>> byOrgan, double[] truths, boolean ownTiles) {
    return IntStream.range(0, truths.length)
        .boxed()
        .flatMap(
            organ ->
                byOrgan.get(organ).stream()
                    .map(
                        o -> {
                          double truth = ownTiles ? o.truth() : truths[organ];
                          return o.recall().low() <= truth && truth <= o.recall().high() ? 1 : 0;
                        }))
        .mapToInt(Integer::intValue)
        .average()
        .orElse(Double.NaN);
  }

  /** Returns the largest of |mean - truth| / mean half-width over the organs. */
  private static double bias(List<List<Outcome>> byOrgan, double[] truths) {
    return IntStream.range(0, truths.length)
        .mapToDouble(
            organ -> {
              List<Outcome> outcomes = byOrgan.get(organ);
              double mean = mean(outcomes, o -> o.recall().value());
              return Math.abs(mean - truths[organ]) / mean(outcomes, RecallBench::halfWidth);
            })
        .max()
        .orElse(Double.NaN);
  }

  /** Returns the mean squared error about the tiles' own recall, divided by another estimate's. */
  private static double ratio(
      List<List<Outcome>> byOrgan,
      ToDoubleFunction<Outcome> estimate,
      ToDoubleFunction<Outcome> other) {
    double own = 0;
    double others = 0;
    for (List<Outcome> outcomes : byOrgan) {
      own += mean(outcomes, o -> Math.pow(estimate.applyAsDouble(o) - o.truth(), 2));
      others += mean(outcomes, o -> Math.pow(other.applyAsDouble(o) - o.truth(), 2));
    }
    return own / others;
  }

  private static double halfWidth(Outcome outcome) {
    return (outcome.recall().high() - outcome.recall().low()) / 2;
  }

  private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return DoubleStream.of(outcomes.stream().mapToDouble(figure).toArray())
        .average()
        .orElse(Double.NaN);
  }
}
