package io.histoflow.loadtests.pipeline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.SideBySide;
import io.histoflow.loadtests.measuring.Throughput;
import java.util.List;
import java.util.Map;

/**
 * What {@link PipelineBench} measured. Figures are medians over the rounds.
 *
 * @param settings what was asked for, with the batch size that was measured
 * @param modelId model that ran
 * @param cores processors that the JVM saw
 * @param raw rounds of the bare predictor loop
 * @param endToEnd rounds from topic to topic, both ends and the broker on the same cores
 * @param latencyLoadTilesPerSecond the even load at which latency was measured, tiles per second
 * @param p50Millis median time from publishing a tile to reading its result, milliseconds
 * @param p99Millis its 99th percentile, milliseconds
 */
public record PipelineBenchResult(
    PipelineBenchSettings settings,
    String modelId,
    int cores,
    List<Throughput> raw,
    List<Throughput> endToEnd,
    double latencyLoadTilesPerSecond,
    double p50Millis,
    double p99Millis)
    implements BenchResult {

  /** Copies the rounds. */
  public PipelineBenchResult {
    raw = List.copyOf(raw);
    endToEnd = List.copyOf(endToEnd);
  }

  /** Returns the bare loop's tiles per second. */
  public double rawTilesPerSecond() {
    return Throughput.rates(raw).median();
  }

  /** Returns tiles per second from topic to topic. */
  public double endToEndTilesPerSecond() {
    return Throughput.rates(endToEnd).median();
  }

  /** Returns the CPU time of a tile in the bare loop, all threads, milliseconds. */
  public double rawCpuMillisPerTile() {
    return Throughput.cpuMillis(raw);
  }

  /** Returns the same from topic to topic, both ends and the broker included. */
  public double endToEndCpuMillisPerTile() {
    return Throughput.cpuMillis(endToEnd);
  }

  /** Returns the share of the bare loop's rate that the pipeline reaches. */
  public SideBySide ratio() {
    return SideBySide.of(
        endToEnd.stream().map(Throughput::imagesPerSecond).toList(),
        raw.stream().map(Throughput::imagesPerSecond).toList(),
        1);
  }

  /**
   * Returns the highest ratio that these cores allow, were none of them ever idle: what a tile
   * costs besides the network takes their time, too.
   */
  public double limit() {
    return Math.min(1, rawCpuMillisPerTile() / endToEndCpuMillisPerTile());
  }

  /** Returns the time of a batch in the bare loop, milliseconds. */
  public double batchMillis() {
    return 1_000 * settings.batchSize() / rawTilesPerSecond();
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    return Map.of("ratio", ratio());
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
        .put("rawTilesPerSecond", rawTilesPerSecond())
        .put("endToEndTilesPerSecond", endToEndTilesPerSecond())
        .put("ratio", ratio().median())
        .put("limit", limit())
        .put("rawCpuMillisPerTile", rawCpuMillisPerTile())
        .put("endToEndCpuMillisPerTile", endToEndCpuMillisPerTile())
        .put("batchMillis", batchMillis())
        .put("latencyLoadTilesPerSecond", latencyLoadTilesPerSecond)
        .putObject("latencyMillis")
        .put("p50", p50Millis)
        .put("p99", p99Millis);
    return json;
  }
}
