package io.histoflow.loadtests.recall;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.List;

/**
 * What {@link RecallBench} found.
 *
 * @param settings what was asked for
 * @param coverage share of 95 % intervals that hold the recall that the process has
 * @param coverageOfOwnTiles share that hold the recall over the very tiles of the repetition
 * @param falseAlarmRate share of repetitions with an alarm while the level held
 * @param tilesToAlarm tiles of an organ from the fall to its alarm, ascending
 * @param bias largest |mean - truth| of an organ, in half-widths of its interval
 * @param halfWidth mean half-width of an interval
 * @param varianceRatio mean squared error, as a share of that of the drawn tiles alone
 * @param varianceRatioAsMany the same, of a simple random sample of as many tiles as were reviewed
 * @param varianceRatioWithCensus the same of an estimate that knows what the network said of every
 *     tile ({@link CensusRegression})
 * @param recall mean estimate for the model, organs without a fall
 * @param systemRecall the same for model and review
 * @param topology what the real topology did
 */
public record RecallBenchResult(
    RecallBenchSettings settings,
    double coverage,
    double coverageOfOwnTiles,
    double falseAlarmRate,
    List<Integer> tilesToAlarm,
    double bias,
    double halfWidth,
    double varianceRatio,
    double varianceRatioAsMany,
    double varianceRatioWithCensus,
    double recall,
    double systemRecall,
    Measured topology)
    implements BenchResult {
  private static final double NINE_TENTHS = 0.9;

  /** Takes a copy. */
  public RecallBenchResult {
    tilesToAlarm = List.copyOf(tilesToAlarm);
  }

  /** Returns a quantile of the tiles from fall to alarm; -1 where too many falls had none. */
  int tilesToAlarm(double quantile) {
    int falls = RecallBenchSettings.FALLING * settings.repetitions();
    int place = (int) Math.ceil(quantile * falls) - 1;
    return place < tilesToAlarm.size() ? tilesToAlarm.get(place) : -1;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("coverage", coverage)
        .put("coverageOfOwnTiles", coverageOfOwnTiles)
        .put("falseAlarmRate", falseAlarmRate);
    json.putObject("tilesToAlarm")
        .put("median", tilesToAlarm(0.5))
        .put("p90", tilesToAlarm(NINE_TENTHS))
        .put("alarmed", tilesToAlarm.size())
        .put("falls", RecallBenchSettings.FALLING * settings.repetitions());
    json.put("bias", bias)
        .put("halfWidth", halfWidth)
        .put("varianceRatio", varianceRatio)
        .put("varianceRatioAsMany", varianceRatioAsMany)
        .put("varianceRatioWithCensus", varianceRatioWithCensus)
        .put("recall", recall)
        .put("systemRecall", systemRecall)
        .put("recordsPerSecond", topology.recordsPerSecond());
    json.putObject("topology")
        .put("tiles", topology.tiles())
        .put("verdicts", topology.verdicts())
        .put("estimates", topology.estimates())
        .put("holdTheTruth", topology.holdTheTruth())
        .put("alarms", topology.alarms());
    json.put("tiles", settings.tiles())
        .put("organs", settings.organs())
        .put("repetitions", settings.repetitions())
        .put("seed", settings.seed())
        .put("scores", "synthetic");
    return json;
  }
}
