package io.histoflow.loadtests.topology;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import java.util.List;
import java.util.Map;

/**
 * What {@link TopologyBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param passThrough reads and writes every record with the same serdes, nothing else
 * @param routing routes tiles and keeps thresholds
 * @param whole routing, drift alarm and slide reports
 * @param restored tiles per second at which the whole topology's state comes back from the brokers,
 *     one a round
 */
public record TopologyBenchResult(
    TopologyBenchSettings settings,
    int cores,
    Costs passThrough,
    Costs routing,
    Costs whole,
    List<Double> restored)
    implements BenchResult {

  /** Returns the whole topology's rate as a share of the pass-through's. */
  public SideBySide ratio() {
    return SideBySide.of(whole.perSecond(), passThrough.perSecond(), 1);
  }

  /** Returns the rate of routing alone as a share of the pass-through's. */
  public SideBySide routingRatio() {
    return SideBySide.of(routing.perSecond(), passThrough.perSecond(), 1);
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    return Map.of("ratio", ratio(), "routingRatio", routingRatio());
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("recordsPerSecond", new Rates(whole.perSecond()).median())
        .put("passThroughRecordsPerSecond", new Rates(passThrough.perSecond()).median())
        .put("ratio", ratio().median())
        .put("routingRecordsPerSecond", new Rates(routing.perSecond()).median())
        .put("routingRatio", routingRatio().median())
        .put("restoredTilesPerSecond", new Rates(restored).median())
        .put("tiles", settings.tiles())
        .put("tilesPerSlide", settings.tilesPerSlide())
        .put("organs", settings.organs())
        .put("maskBytes", settings.maskBytes())
        .put("rounds", settings.rounds())
        .put("cores", cores);
    ObjectNode spread = json.putObject("spread");
    spread.set("passThrough", new Rates(passThrough.perSecond()).toJson());
    spread.set("routing", new Rates(routing.perSecond()).toJson());
    spread.set("whole", new Rates(whole.perSecond()).toJson());
    spread.set("restored", new Rates(restored).toJson());
    ObjectNode cpu = json.putObject("cpuMicrosecondsPerRecord");
    cpu.set("passThrough", new Rates(passThrough.cpuMicros()).toJson());
    cpu.set("routing", new Rates(routing.cpuMicros()).toJson());
    cpu.set("whole", new Rates(whole.cpuMicros()).toJson());
    return json;
  }

  /**
   * What a topology does, a figure a round.
   *
   * @param perSecond records a second
   * @param cpuMicros microseconds of CPU time a record, the embedded broker and all clients
   *     included
   */
  public record Costs(List<Double> perSecond, List<Double> cpuMicros) {}
}
