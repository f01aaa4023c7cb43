package io.histoflow.loadtests.pipeline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;

/**
 * What {@link PipelineBench} measured. Rates are medians over the rounds.
 *
 * @param settings what was asked for, with the batch size that was measured
 * @param modelId model that ran
 * @param cores processors that the JVM saw
 * @param rawTilesPerSecond the bare predictor loop, tiles per second
 * @param endToEndTilesPerSecond from topic to topic, tiles per second
 * @param rawCpuMillisPerTile CPU time of a tile in the bare loop, all threads, milliseconds
 * @param endToEndCpuMillisPerTile the same from topic to topic, both ends and the broker included
 * @param latencyLoadTilesPerSecond the even load at which latency was measured, tiles per second
 * @param p50Millis median time from publishing a tile to reading its result, milliseconds
 * @param p99Millis its 99th percentile, milliseconds
 */
public record PipelineBenchResult(
    PipelineBenchSettings settings,
    String modelId,
    int cores,
    double rawTilesPerSecond,
    double endToEndTilesPerSecond,
    double rawCpuMillisPerTile,
    double endToEndCpuMillisPerTile,
    double latencyLoadTilesPerSecond,
    double p50Millis,
    double p99Millis)
    implements BenchResult {

  /** Returns the share of the bare loop's rate that the pipeline reaches. */
  public double ratio() {
    return endToEndTilesPerSecond / rawTilesPerSecond;
  }

  /**
   * Returns the highest ratio that these cores allow, were none of them ever idle: what a tile
   * costs besides the network takes their time, too.
   */
  public double limit() {
    return Math.min(1, rawCpuMillisPerTile / endToEndCpuMillisPerTile);
  }

  /** Returns the time of a batch in the bare loop, milliseconds. */
  public double batchMillis() {
    return 1_000 * settings.batchSize() / rawTilesPerSecond;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tiles", settings.tiles())
        .put("tileSize", settings.tileSize())
        .put("batchSize", settings.batchSize())
        .put("rounds", settings.rounds())
        .put("device", settings.device())
        .put("model", modelId)
        .put("cores", cores)
        .put("rawTilesPerSecond", rawTilesPerSecond)
        .put("endToEndTilesPerSecond", endToEndTilesPerSecond)
        .put("ratio", ratio())
        .put("limit", limit())
        .put("rawCpuMillisPerTile", rawCpuMillisPerTile)
        .put("endToEndCpuMillisPerTile", endToEndCpuMillisPerTile)
        .put("batchMillis", batchMillis())
        .put("latencyLoadTilesPerSecond", latencyLoadTilesPerSecond)
        .putObject("latencyMillis")
        .put("p50", p50Millis)
        .put("p99", p99Millis);
    return json;
  }
}
