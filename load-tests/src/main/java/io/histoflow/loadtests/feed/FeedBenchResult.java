package io.histoflow.loadtests.feed;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.measuring.SideBySide;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What {@link FeedBench} measured. Figures are medians over the rounds.
 *
 * @param settings what was asked for
 * @param cores processors that the JVM saw
 * @param without the turns without browsers
 * @param with the turns with browsers
 */
public record FeedBenchResult(
    FeedBenchSettings settings, int cores, List<Turn> without, List<Turn> with)
    implements BenchResult {

  /** Copies the lists. */
  public FeedBenchResult {
    without = List.copyOf(without);
    with = List.copyOf(with);
  }

  /**
   * One turn.
   *
   * @param tiles tiles published and segmented, 1 or more
   * @param seconds from the first tile published to the last result read
   * @param cpuSeconds CPU time of the whole system until the last alert was out, broker, registry,
   *     services and both ends of the bench together
   * @param browserCpuSeconds CPU time of the browsers meanwhile
   * @param seen what each browser has seen
   */
  record Turn(
      int tiles,
      double seconds,
      double cpuSeconds,
      double browserCpuSeconds,
      List<Browser.Seen> seen) {

    Turn seenBy(List<Browser.Seen> browsers) {
      return new Turn(tiles, seconds, cpuSeconds, browserCpuSeconds, browsers);
    }

    private double tilesPerSecond() {
      return tiles / seconds;
    }

    private double cpuMillisPerTile() {
      return 1_000 * cpuSeconds / tiles;
    }

    private double browserCpuMillisPerTile() {
      return 1_000 * browserCpuSeconds / tiles;
    }

    private double perBrowser(ToDoubleFunction<Browser.Seen> count) {
      return seen.stream().mapToDouble(count).average().orElse(0);
    }
  }

  /** Returns the rate without browsers, tiles per second. */
  public double tilesPerSecond() {
    return rates(without).median();
  }

  /** Returns the rate with browsers that run on the same cores, tiles per second. */
  public double tilesPerSecondWithClients() {
    return rates(with).median();
  }

  /** Returns the share of the rate that is left with browsers. */
  public SideBySide ratio() {
    return SideBySide.of(
        with.stream().map(Turn::tilesPerSecond).toList(),
        without.stream().map(Turn::tilesPerSecond).toList(),
        1);
  }

  @Override
  public Map<String, SideBySide> sideBySide() {
    return Map.of("ratio", ratio());
  }

  /** Returns the CPU time of a tile in the whole system without browsers, milliseconds. */
  public double cpuMillisPerTile() {
    return median(without, Turn::cpuMillisPerTile);
  }

  /** Returns the same with browsers, whose own CPU time is not in it. */
  public double cpuMillisPerTileWithClients() {
    return median(with, Turn::cpuMillisPerTile);
  }

  /** Returns the share of the rate that would be left if the browsers ran elsewhere. */
  public double cpuRatio() {
    return cpuMillisPerTile() / cpuMillisPerTileWithClients();
  }

  /** Returns the browsers' own CPU time for each tile, milliseconds. */
  public double browserCpuMillisPerTile() {
    return median(with, Turn::browserCpuMillisPerTile);
  }

  /** Returns the events that a browser received in a turn, on average. */
  public double eventsPerClient() {
    return median(with, turn -> turn.perBrowser(Browser.Seen::events));
  }

  /** Returns the alerts that each browser was told of in a turn. */
  public double alertsPerClient() {
    return median(with, turn -> turn.perBrowser(Browser.Seen::raised));
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tilesPerSecond", tilesPerSecond())
        .put("tilesPerSecondWithClients", tilesPerSecondWithClients())
        .put("ratio", ratio().median())
        .put("cpuMillisPerTile", cpuMillisPerTile())
        .put("cpuMillisPerTileWithClients", cpuMillisPerTileWithClients())
        .put("cpuRatio", cpuRatio())
        .put("browserCpuMillisPerTile", browserCpuMillisPerTile())
        .put("clients", settings.clients())
        .put("eventsPerClient", eventsPerClient())
        .put("alertsPerClient", alertsPerClient())
        .put("overviewsPerClient", median(with, t -> t.perBrowser(Browser.Seen::overviews)))
        .put("thumbnailsPerClient", median(with, t -> t.perBrowser(Browser.Seen::thumbnails)))
        .put("tiles", settings.tiles())
        .put("tileSize", settings.tileSize())
        .put("rounds", settings.rounds())
        .put("cores", cores);
    json.set("rates", rates(without).toJson());
    json.set("ratesWithClients", rates(with).toJson());
    return json;
  }

  private static Rates rates(List<Turn> turns) {
    return new Rates(turns.stream().map(Turn::tilesPerSecond).toList());
  }

  private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
    return new Rates(turns.stream().mapToDouble(figure).boxed().toList()).median();
  }
}
