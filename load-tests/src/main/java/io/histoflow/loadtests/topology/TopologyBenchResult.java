package io.histoflow.loadtests.topology;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;

/**
 * What {@link TopologyBench} measured.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param passThrough reads and writes every record with the same serdes, nothing else
 * @param routing routes tiles and keeps thresholds
 * @param whole routing, drift alarm and slide reports
 * @param restored tiles per second at which the whole topology's state comes back from the brokers
 */
public record TopologyBenchResult(
    TopologyBenchSettings settings,
    int cores,
    Costs passThrough,
    Costs routing,
    Costs whole,
    Rates restored)
    implements BenchResult {

  /** Returns the whole topology's rate as a share of the pass-through's. */
  public double ratio() {
    return whole.perSecond().median() / passThrough.perSecond().median();
  }

  /** Returns the rate of routing alone as a share of the pass-through's. */
  public double routingRatio() {
    return routing.perSecond().median() / passThrough.perSecond().median();
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("recordsPerSecond", whole.perSecond().median())
        .put("passThroughRecordsPerSecond", passThrough.perSecond().median())
        .put("ratio", ratio())
        .put("routingRecordsPerSecond", routing.perSecond().median())
        .put("routingRatio", routingRatio())
        .put("restoredTilesPerSecond", restored.median())
        .put("tiles", settings.tiles())
        .put("tilesPerSlide", settings.tilesPerSlide())
        .put("organs", settings.organs())
        .put("maskBytes", settings.maskBytes())
        .put("rounds", settings.rounds())
        .put("cores", cores);
    ObjectNode spread = json.putObject("spread");
    spread.set("passThrough", passThrough.perSecond().toJson());
    spread.set("routing", routing.perSecond().toJson());
    spread.set("whole", whole.perSecond().toJson());
    spread.set("restored", restored.toJson());
    ObjectNode cpu = json.putObject("cpuMicrosecondsPerRecord");
    cpu.set("passThrough", passThrough.cpuMicros().toJson());
    cpu.set("routing", routing.cpuMicros().toJson());
    cpu.set("whole", whole.cpuMicros().toJson());
    return json;
  }

  /**
   * What a topology does.
   *
   * @param perSecond records a second
   * @param cpuMicros microseconds of CPU time a record, the embedded broker and all clients
   *     included
   */
  public record Costs(Rates perSecond, Rates cpuMicros) {}
}
