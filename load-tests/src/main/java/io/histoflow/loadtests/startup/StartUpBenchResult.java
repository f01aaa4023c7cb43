package io.histoflow.loadtests.startup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What {@link StartUpBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param rounds one start each, in order
 */
public record StartUpBenchResult(StartUpBenchSettings settings, int cores, List<Round> rounds)
    implements BenchResult {

  /** Copies the rounds. */
  public StartUpBenchResult {
    rounds = List.copyOf(rounds);
  }

  /**
   * One start, in seconds since the command began.
   *
   * @param toPlatform until clients could connect to broker and registry
   * @param toReady until the command said where the dashboard is
   * @param toFirstResult until the result of the first tile was read
   */
  public record Round(double toPlatform, double toReady, double toFirstResult) {}

  /** Returns a figure's median over the rounds, in seconds; of an even number, the upper one. */
  public double median(ToDoubleFunction<Round> figure) {
    return sorted(figure)[rounds.size() / 2];
  }

  /** Returns a figure's least value, in seconds. */
  public double least(ToDoubleFunction<Round> figure) {
    return sorted(figure)[0];
  }

  /** Returns a figure's largest value, in seconds. */
  public double most(ToDoubleFunction<Round> figure) {
    return sorted(figure)[rounds.size() - 1];
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("secondsToReady", median(Round::toReady))
        .put("secondsToFirstResult", median(Round::toFirstResult))
        .put("secondsToPlatform", median(Round::toPlatform))
        .put("tileSize", settings.tileSize())
        .put("cores", cores);
    ArrayNode all = json.putArray("rounds");
    for (Round round : rounds) {
      all.addObject()
          .put("secondsToReady", round.toReady())
          .put("secondsToFirstResult", round.toFirstResult())
          .put("secondsToPlatform", round.toPlatform());
    }
    return json;
  }

  private double[] sorted(ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray();
  }
}
