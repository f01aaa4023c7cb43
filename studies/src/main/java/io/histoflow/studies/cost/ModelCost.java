package io.histoflow.studies.cost;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.Locale;

/**
 * What a model costs on one machine.
 *
 * @param network size and arithmetic at 224x224
 * @param speed as measured at 224x224
 * @param compute where it ran
 * @param precision in what it computed
 * @param processors that the Java process may use
 */
public record ModelCost(
    NetworkCost network, Speed speed, Compute compute, Precision precision, int processors) {

  /** How operations are counted, for people. */
  public static final String CONVENTION =
      "two operations for each multiply-add of convolutions and linear layers, without the edge"
          + " head; one tile of %1$dx%1$d".formatted(SpeedMeter.SIDE);

  /** Counts and measures an open model; takes a few seconds. */
  public static ModelCost measure(Segmenter segmenter, Compute compute) {
    return new ModelCost(
        NetworkCost.of(segmenter.checkpoint().config(), SpeedMeter.SIDE),
        SpeedMeter.run(segmenter),
        compute,
        segmenter.precision(),
        Runtime.getRuntime().availableProcessors());
  }

  /** Parameters in millions. */
  public double parametersMillions() {
    return network.parameters() / 1e6;
  }

  /** Floating-point operations of one tile in thousands of millions, by {@link #CONVENTION}. */
  public double gflops() {
    return network.operations() / 1e9;
  }

  /** Multiply-adds of one tile in thousands of millions: half of {@link #gflops}. */
  public double gmacs() {
    return network.multiplyAdds() / 1e9;
  }

  /** The part {@code cost} of the JSON that {@code evaluate --json} writes. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("parametersMillions", parametersMillions());
    json.put("gflops", gflops());
    json.put("gmacs", gmacs());
    json.put("convention", CONVENTION);
    FigureJson.put(json, "peakMemoryMegabytes", speed.peakMemoryMegabytes());
    json.put("imagesPerSecond", speed.imagesPerSecond());
    ObjectNode latency = json.putObject("latencyMillis");
    latency.put("p50", speed.medianMillis());
    latency.put("p95", speed.p95Millis());
    json.put("tileSide", SpeedMeter.SIDE);
    json.put("batchSize", SpeedMeter.BATCH);
    json.put("device", compute.name().toLowerCase(Locale.ROOT));
    json.put("precision", precision.word());
    json.put("processors", processors);
    return json;
  }
}
