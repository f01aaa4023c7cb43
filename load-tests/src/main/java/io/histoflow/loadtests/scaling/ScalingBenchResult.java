package io.histoflow.loadtests.scaling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link ScalingBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param rates tiles per second from topic to topic by number of workers, one a round
 * @param leastShare tiles of the worker that got fewest of one slide, as a share of an even one,
 *     with the most workers
 * @param mostShare the same of the worker that got most
 * @param addedFeltAfterSeconds from starting a second worker under load to its first tile, seconds
 */
public record ScalingBenchResult(
    ScalingBenchSettings settings,
    int cores,
    Map<Integer, List<Double>> rates,
    double leastShare,
    double mostShare,
    double addedFeltAfterSeconds)
    implements BenchResult {

  /** Sorts the rates. */
  public ScalingBenchResult {
    rates = Collections.unmodifiableMap(new TreeMap<>(rates));
  }

  /** Returns the median rate of so many workers, tiles per second. */
  public double tilesPerSecond(int workers) {
    return new Rates(rates.get(workers)).median();
  }

  /** Returns how many times as fast as the fewest the most workers are. */
  public SideBySide speedUp() {
    return speedUp(settings.mostWorkers());
  }

  /** Returns how many times as fast as the fewest so many workers are. */
  public SideBySide speedUp(int workers) {
    int fewest = settings.workers().get(0);
    return SideBySide.of(rates.get(workers), rates.get(fewest), (double) workers / fewest);
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    return Map.of("speedUp", speedUp());
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode workers = json.putObject("workers");
    rates.keySet().forEach(count -> workers.put("" + count, tilesPerSecond(count)));
    json.put("speedUp", speedUp().median());
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
