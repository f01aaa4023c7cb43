package io.histoflow.review.http;

import io.histoflow.review.overview.FlowHistory;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.schemas.TileSegmented;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the system runs: tiles a second, how long they take, and what waits. */
final class OperationsApi {
  private static final Duration RATE_OVER = Duration.ofMinutes(1);
  private static final int LATENCY_OF = 500;

  private final Overview overview;
  private final FlowHistory history;
  private final AlertQueue queue;

  OperationsApi(Overview overview, FlowHistory history, AlertQueue queue) {
    this.overview = overview;
    this.history = history;
    this.queue = queue;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/operations", ctx -> ctx.json(operations()));
  }

  private Map<String, Object> operations() {
    List<FlowHistory.Moment> moments = history.moments();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("flow", overview.flow().orElse(null));
    json.put("tilesPerSecond", rate(moments).orElse(null));
    json.put("latency", latency(queue.newest(LATENCY_OF)).orElse(null));
    json.put(
        "history",
        moments.stream()
            .map(
                moment ->
                    List.of(
                        moment.at().toEpochMilli(),
                        moment.taken(),
                        moment.waiting(),
                        moment.deadLetters()))
            .toList());
    return json;
  }

  /** Over the last minute that was watched; empty where that was not two moments. */
  private static Optional<Double> rate(List<FlowHistory.Moment> moments) {
    if (moments.size() < 2) {
      return Optional.empty();
    }
    FlowHistory.Moment last = moments.get(moments.size() - 1);
    FlowHistory.Moment first =
        moments.stream()
            .filter(moment -> !moment.at().isBefore(last.at().minus(RATE_OVER)))
            .findFirst()
            .orElse(last);
    double seconds = Duration.between(first.at(), last.at()).toMillis() / 1e3;
    return seconds > 0
        ? Optional.of(Math.max(0, last.taken() - first.taken()) / seconds)
        : Optional.empty();
  }

  /** From the scan of a tile to its segmentation, of the open alerts that were raised last. */
  private static Optional<Map<String, Object>> latency(List<Alert> alerts) {
    double[] seconds =
        alerts.stream().mapToDouble(alert -> seconds(alert.segmentation())).sorted().toArray();
    return seconds.length == 0
        ? Optional.empty()
        : Optional.of(
            Map.of(
                "tiles",
                seconds.length,
                "medianSeconds",
                seconds[seconds.length / 2],
                "p95Seconds",
                seconds[(int) (0.95 * (seconds.length - 1))]));
  }

  private static double seconds(TileSegmented tile) {
    return Math.max(0, Duration.between(tile.getScannedAt(), tile.getSegmentedAt()).toMillis())
        / 1e3;
  }
}
