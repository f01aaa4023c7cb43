package io.histoflow.loadtests.inference;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import io.histoflow.loadtests.measuring.Throughput;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What {@link InferenceBench} measured. Figures of several rounds are medians.
 *
 * @param settings what was asked for
 * @param compute where the models ran
 * @param cores processors that the JVM saw
 * @param models by name, in the order in which they were measured
 */
public record InferenceBenchResult(
    InferenceBenchSettings settings, Compute compute, int cores, Map<String, Measured> models)
    implements BenchResult {

  /** What is said where there is no peer. */
  public static final String NO_PEER =
      "Nothing to compare with: no python3 with torch and numpy was found"
          + " (Debian: apt-get install python3-torch; load-tests/peers/README.md).";

  /**
   * Rounds of one model.
   *
   * @param precision what inference chooses on this machine
   * @param chosen in that precision
   * @param fp32 in fp32
   * @param peer in Python
   */
  public record Measured(
      Precision precision,
      List<Throughput> chosen,
      List<Throughput> fp32,
      Optional<PeerMeasured> peer) {

    /** Returns images per second in the precision that inference chooses. */
    public double imagesPerSecond() {
      return Throughput.rates(chosen).median();
    }

    /** Returns the lowest and the highest images per second of a round. */
    public double[] spread() {
      return new double[] {Throughput.rates(chosen).least(), Throughput.rates(chosen).most()};
    }

    /** Returns CPU milliseconds per image in the precision that inference chooses. */
    public double cpuMillisPerImage() {
      return Throughput.cpuMillis(chosen);
    }

    /** Returns images per second in fp32. */
    public double fp32ImagesPerSecond() {
      return Throughput.rates(fp32).median();
    }

    /** Returns CPU milliseconds per image in fp32. */
    public double fp32CpuMillisPerImage() {
      return Throughput.cpuMillis(fp32);
    }

    /**
     * Returns how many times the peer's images per second: the median over the rounds, each with
     * the peer's best setting of that round.
     */
    public Optional<SideBySide> ratio() {
      return peer.map(
          other ->
              SideBySide.of(
                  chosen.stream().map(Throughput::imagesPerSecond).toList(),
                  IntStream.range(0, chosen.size()).mapToObj(other::bestOfRound).toList(),
                  Double.MAX_VALUE));
    }
  }

  /**
   * Rounds of Python's PyTorch.
   *
   * @param version PyTorch's
   * @param rounds by setting
   */
  public record PeerMeasured(String version, Map<Setting, List<Throughput>> rounds) {

    /**
     * How it ran.
     *
     * @param way {@code fp32}, {@code half} or {@code compiled}, as the peer's script says
     * @param threads threads of an operation
     * @param batch images at a time
     */
    public record Setting(String way, int threads, int batch) {}

    /** Returns the setting with the highest median. */
    public Setting best() {
      return rounds.keySet().stream()
          .max(
              Comparator.comparingDouble(setting -> Throughput.rates(rounds.get(setting)).median()))
          .orElseThrow();
    }

    /** Returns images per second of the best setting. */
    public double imagesPerSecond() {
      return Throughput.rates(rounds.get(best())).median();
    }

    /** Returns the lowest and the highest images per second of a round of the best setting. */
    public double[] spread() {
      Rates rates = Throughput.rates(rounds.get(best()));
      return new double[] {rates.least(), rates.most()};
    }

    /** Returns CPU milliseconds per image of the setting that needs least. */
    public double cpuMillisPerImage() {
      return rounds.values().stream().mapToDouble(Throughput::cpuMillis).min().orElseThrow();
    }

    private double bestOfRound(int round) {
      return rounds.values().stream()
          .mapToDouble(all -> all.get(round).imagesPerSecond())
          .max()
          .orElseThrow();
    }
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    Map<String, SideBySide> ratios = new LinkedHashMap<>();
    models.forEach(
        (name, measured) ->
            measured
                .ratio()
                .ifPresent(
                    ratio -> {
                      ratios.putIfAbsent("ratio", ratio);
                      ratios.put("models/" + name + "/ratio", ratio);
                    }));
    return ratios;
  }

  /**
   * Returns the result as {@code bench inference --json} writes it; {@code peer} and {@code ratio}
   * at the top are those of the first model.
   */
  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode all = json.putObject("models");
    models.forEach((name, measured) -> all.set(name, toJson(measured)));
    ObjectNode first = (ObjectNode) all.elements().next();
    json.set("peer", first.get("peer").deepCopy());
    json.set("ratio", first.get("ratio"));
    if (first.get("peer").isNull()) {
      json.put("peerMissing", NO_PEER);
    }
    json.put("tileSide", settings.tileSide())
        .put("batch", settings.batch())
        .put("rounds", settings.rounds())
        .put("secondsPerRound", settings.seconds())
        .put("device", compute.name().toLowerCase(Locale.ROOT))
        .put("cores", cores);
    return json;
  }

  private static ObjectNode toJson(Measured measured) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("imagesPerSecond", measured.imagesPerSecond());
    putSpread(json, measured.spread());
    json.put("precision", measured.precision().word());
    json.put("cpuMillisPerImage", measured.cpuMillisPerImage());
    json.putObject("fp32")
        .put("imagesPerSecond", measured.fp32ImagesPerSecond())
        .put("cpuMillisPerImage", measured.fp32CpuMillisPerImage());
    json.putNull("peer");
    json.putNull("ratio");
    measured
        .peer()
        .ifPresent(
            peer -> {
              ObjectNode other = json.putObject("peer");
              other.put("imagesPerSecond", peer.imagesPerSecond());
              putSpread(other, peer.spread());
              other.put("cpuMillisPerImage", peer.cpuMillisPerImage());
              other.put("torch", peer.version());
              other.put("way", peer.best().way());
              other.put("threads", peer.best().threads());
              other.put("batch", peer.best().batch());
              json.put("ratio", measured.ratio().orElseThrow().median());
            });
    return json;
  }

  private static void putSpread(ObjectNode json, double[] spread) {
    json.putObject("spread").put("least", spread[0]).put("most", spread[1]);
  }
}
