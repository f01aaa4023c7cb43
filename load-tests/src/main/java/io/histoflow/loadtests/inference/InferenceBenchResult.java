package io.histoflow.loadtests.inference;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.Throughput;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
      return rate(chosen).median();
    }

    /** Returns the lowest and the highest images per second of a round. */
    public double[] spread() {
      return new double[] {rate(chosen).least(), rate(chosen).most()};
    }

    /** Returns CPU milliseconds per image in the precision that inference chooses. */
    public double cpuMillisPerImage() {
      return cpuMillis(chosen);
    }

    /** Returns images per second in fp32. */
    public double fp32ImagesPerSecond() {
      return rate(fp32).median();
    }

    /** Returns CPU milliseconds per image in fp32. */
    public double fp32CpuMillisPerImage() {
      return cpuMillis(fp32);
    }

    /**
     * Returns how many times the peer's images per second: the median over the rounds, each with
     * the peer's best setting of that round.
     */
    public Optional<Double> ratio() {
      return peer.map(
          other -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < chosen.size(); i++) {
              ratios.add(chosen.get(i).imagesPerSecond() / other.bestOfRound(i));
            }
            return new Rates(ratios).median();
          });
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
          .max(Comparator.comparingDouble(setting -> rate(rounds.get(setting)).median()))
          .orElseThrow();
    }

    /** Returns images per second of the best setting. */
    public double imagesPerSecond() {
      return rate(rounds.get(best())).median();
    }

    /** Returns the lowest and the highest images per second of a round of the best setting. */
    public double[] spread() {
      Rates rates = rate(rounds.get(best()));
      return new double[] {rates.least(), rates.most()};
    }

    /** Returns CPU milliseconds per image of the setting that needs least. */
    public double cpuMillisPerImage() {
      return rounds.values().stream()
          .mapToDouble(InferenceBenchResult::cpuMillis)
          .min()
          .orElseThrow();
    }

    private double bestOfRound(int round) {
      return rounds.values().stream()
          .mapToDouble(all -> all.get(round).imagesPerSecond())
          .max()
          .orElseThrow();
    }
  }

  private static Rates rate(List<Throughput> rounds) {
    return new Rates(rounds.stream().map(Throughput::imagesPerSecond).toList());
  }

  private static double cpuMillis(List<Throughput> rounds) {
    return 1e3 / new Rates(rounds.stream().map(Throughput::imagesPerCpuSecond).toList()).median();
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
              json.put("ratio", measured.ratio().orElseThrow());
            });
    return json;
  }

  private static void putSpread(ObjectNode json, double[] spread) {
    json.putObject("spread").put("least", spread[0]).put("most", spread[1]);
  }
}
