package io.histoflow.loadtests.scaling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link ScalingBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param tilesPerSecond median rate from topic to topic by number of workers
 * @param leastShare tiles of the worker that got fewest of one slide, as a share of an even one,
 *     with the most workers
 * @param mostShare the same of the worker that got most
 * @param addedFeltAfterSeconds from starting a second worker under load to its first tile, seconds
 */
public record ScalingBenchResult(
    ScalingBenchSettings settings,
    int cores,
    Map<Integer, Double> tilesPerSecond,
    double leastShare,
    double mostShare,
    double addedFeltAfterSeconds)
    implements BenchResult {

  /** Sorts the rates. */
  public ScalingBenchResult {
    tilesPerSecond = Collections.unmodifiableMap(new TreeMap<>(tilesPerSecond));
  }

  /** Returns how many times as fast as the fewest the most workers are. */
  public double speedUp() {
    return speedUp(settings.mostWorkers());
  }

  /** Returns how many times as fast as the fewest so many workers are. */
  public double speedUp(int workers) {
    return tilesPerSecond.get(workers) / tilesPerSecond.get(settings.workers().get(0));
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode workers = json.putObject("workers");
    tilesPerSecond.forEach((count, rate) -> workers.put(Integer.toString(count), rate));
    json.put("speedUp", speedUp());
    json.put("tilesPerWorker", settings.tilesPerWorker())
        .put("tileSize", settings.tileSize())
        .put("deviceMillisPerTile", settings.perTile().toNanos() / 1e6)
        .put("partitions", settings.partitions())
        .put("rounds", settings.rounds())
        .put("cores", cores)
        .put("addedWorkerFeltAfterSeconds", addedFeltAfterSeconds);
    json.putObject("shareOfOneSlide").put("least", leastShare).put("most", mostShare);
    return json;
  }
}
