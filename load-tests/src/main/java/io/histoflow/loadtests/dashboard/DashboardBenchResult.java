package io.histoflow.loadtests.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.loadtests.measuring.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link DashboardBench} measured.
 *
 * @param settings what was asked for
 * @param fast verdicts where the line to the service is the machine's own
 * @param slow verdicts at 4 Mbit/s and 100 ms
 * @param live what the reader saw while alerts came
 * @param rows rows of the list that was scrolled
 * @param scrolling frames while it was
 * @param strokes by edge of the tile in pixels
 * @param memory of the page
 */
public record DashboardBenchResult(
    DashboardBenchSettings settings,
    Verdicts fast,
    Verdicts slow,
    Live live,
    int rows,
    Frames scrolling,
    Map<Integer, Stroke> strokes,
    Memory memory)
    implements BenchResult {
  private static final double NANOS = 1e6;

  /** Copies the map. */
  public DashboardBenchResult {
    strokes = new TreeMap<>(strokes);
  }

  /**
   * From the key of a verdict to the next tile painted, milliseconds.
   *
   * @param confirmed of tiles whose mask was right
   * @param corrected of tiles on which something was drawn
   */
  record Verdicts(List<Double> confirmed, List<Double> corrected) {
    Verdicts {
      confirmed = List.copyOf(confirmed);
      corrected = List.copyOf(corrected);
    }

    List<Double> all() {
      List<Double> all = new ArrayList<>(confirmed);
      all.addAll(corrected);
      return all;
    }

    ObjectNode toJson() {
      ObjectNode json = spread(all());
      json.set("confirmed", spread(confirmed));
      json.set("corrected", spread(corrected));
      return json;
    }
  }

  /**
   * Frames of the page.
   *
   * @param millis from each to the next
   * @param workedMillis what the page's main thread worked meanwhile
   */
  record Frames(List<Double> millis, double workedMillis) {
    static Frames of(JsonNode watched, double workedMillis) {
      return new Frames(numbers(watched.get("frameMillis")), workedMillis);
    }

    double perSecond() {
      return 1000 * millis.size() / millis.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Returns what the page's main thread works for a frame, milliseconds; 16.7 are there. */
    double mainThreadMillis() {
      return workedMillis / millis.size();
    }

    ObjectNode toJson() {
      return spread(millis)
          .put("perSecond", perSecond())
          .put("mainThreadMillis", mainThreadMillis());
    }
  }

  /**
   * What the reader saw while alerts came.
   *
   * @param raised alerts that came
   * @param toldAbove how many the page said came above what is looked at
   * @param framesMoved frames in which the row at the list's upper edge was not where it had been
   * @param farthestPixels how far from there it was at most
   * @param longTasks times that the page's main thread was busy for 50 ms or more
   */
  record Live(
      int raised,
      int toldAbove,
      int framesMoved,
      double farthestPixels,
      int longTasks,
      Frames frames) {
    ObjectNode toJson() {
      return frames
          .toJson()
          .put("raised", raised)
          .put("toldAbove", toldAbove)
          .put("framesMoved", framesMoved)
          .put("farthestPixels", farthestPixels)
          .put("longTasks", longTasks);
    }
  }

  /**
   * Strokes of the brush.
   *
   * @param millis from the pointer's event to the end of the frame that shows it
   * @param frames frames meanwhile
   */
  record Stroke(List<Double> millis, Frames frames) {
    static Stroke of(JsonNode watched, double workedMillis) {
      return new Stroke(numbers(watched.get("strokeMillis")), Frames.of(watched, workedMillis));
    }

    ObjectNode toJson() {
      return spread(millis).put("mainThreadMillis", frames.mainThreadMillis());
    }
  }

  /**
   * The page's memory.
   *
   * @param settled when what is kept of tiles is full
   * @param end after all tiles
   */
  record Memory(ReaderPage.Memory settled, ReaderPage.Memory end) {
    /** Returns how many times as much memory the page has at the end. */
    double ratio() {
      return end.rendererBytes() / (double) settled.rendererBytes();
    }

    ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("ratio", ratio())
          .put("heapBytesSettled", settled.heapBytes())
          .put("heapBytes", end.heapBytes())
          .put("rendererBytesSettled", settled.rendererBytes())
          .put("rendererBytes", end.rendererBytes());
    }
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set(
        "submitToPaintedMillis",
        JsonNodeFactory.instance
            .objectNode()
            .<ObjectNode>set("fast", fast.toJson())
            .set("slow", slow.toJson()));
    json.set("live", live.toJson());
    json.set("scrolling", scrolling.toJson().put("rows", rows));
    ObjectNode stroke = json.putObject("strokeMillis");
    strokes.forEach((edge, measured) -> stroke.set(Integer.toString(edge), measured.toJson()));
    json.set("memory", memory.toJson());
    return json.put("alerts", settings.alerts())
        .put("listed", settings.listed())
        .put("tiles", settings.tiles())
        .put("tileSize", DashboardBenchSettings.TILE_SIZE)
        .put("lookMillis", settings.lookMillis());
  }

  /** Returns {@code {"median", "p95", "count"}}, by nearest rank. */
  static ObjectNode spread(List<Double> millis) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("median", percentile(millis, 50))
        .put("p95", percentile(millis, 95))
        .put("count", millis.size());
  }

  static double percentile(List<Double> millis, double percent) {
    return Latencies.of(millis.stream().map(value -> Math.round(NANOS * value)).toList())
        .percentileMillis(percent);
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }
}
