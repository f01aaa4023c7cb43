package io.histoflow.loadtests.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.List;

/**
 * What {@link MemoryBench} measured: the memory of the worker's process that is in RAM.
 *
 * @param settings what was asked for
 * @param modelId the model that the worker ran
 * @param cores processors that the JVM saw
 * @param rssAfterWarmUpBytes after the warm-up
 * @param rssAtEndBytes after the last small tile
 * @param peakRssBytes the most at any time, from the start to the last large tile
 * @param samples the readings, in order of time
 */
public record MemoryBenchResult(
    MemoryBenchSettings settings,
    String modelId,
    int cores,
    long rssAfterWarmUpBytes,
    long rssAtEndBytes,
    long peakRssBytes,
    List<MemorySample> samples)
    implements BenchResult {

  /** Copies the samples. */
  public MemoryBenchResult {
    samples = List.copyOf(samples);
  }

  /** Returns the memory after the last small tile as a share of that after the warm-up. */
  public double ratio() {
    return (double) rssAtEndBytes / rssAfterWarmUpBytes;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("peakRssBytes", peakRssBytes)
        .put("rssAfterWarmUpBytes", rssAfterWarmUpBytes)
        .put("rssAtEndBytes", rssAtEndBytes)
        .put("ratio", ratio())
        .put("tiles", settings.tiles())
        .put("warmUpTiles", settings.warmUpTiles())
        .put("tileSize", settings.tileSize())
        .put("largeTiles", settings.largeTiles())
        .put("largeTileSize", settings.largeTileSize())
        .put("modelId", modelId)
        .put("cores", cores);
    return json.set("samples", new ObjectMapper().valueToTree(samples));
  }
}
