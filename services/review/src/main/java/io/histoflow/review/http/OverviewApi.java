package io.histoflow.review.http;

import io.histoflow.review.overview.Flow;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DistributionSummary;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftFinding;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.SlideReport;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Open alerts, thresholds and what was held back by organ, model versions, drift, and the slides
 * reported last.
 */
final class OverviewApi {
  private static final int MOST_SLIDES = 200;

  private final AlertQueue queue;
  private final Overview overview;
  private final SharedAnswer answer;

  OverviewApi(AlertQueue queue, Overview overview, EventHub events) {
    this.queue = queue;
    this.overview = overview;
    this.answer = new SharedAnswer(events::changes);
  }

  void addTo(RoutesConfig routes) {
    routes.get(
        "/api/overview",
        ctx -> answer.to(ctx, () -> ctx.jsonMapper().toJsonString(json(), OverviewJson.class)));
  }

  private OverviewJson json() {
    Map<String, Integer> open = queue.openByOrgan();
    Map<String, OrganThreshold> thresholds = overview.thresholds();
    TreeSet<String> organs = new TreeSet<>(open.keySet());
    organs.addAll(thresholds.keySet());
    return new OverviewJson(
        queue.size(),
        queue.hasLeftOut(),
        overview.flow().orElse(null),
        organs.stream()
            .map(
                organ ->
                    OrganJson.of(
                        organ,
                        open.getOrDefault(organ, 0),
                        Optional.ofNullable(thresholds.get(organ))))
            .toList(),
        overview.models().stream().map(ModelJson::of).toList(),
        overview.slides().stream().limit(MOST_SLIDES).map(OverviewApi::slide).toList(),
        overview.drifts().stream().map(DriftJson::of).toList(),
        heldBack(thresholds));
  }

  private static Map<String, Object> slide(SlideReport report) {
    return RecordFields.of(
        report,
        "slideId",
        "organ",
        "status",
        "tilesSeen",
        "tilesExpected",
        "tilesBackground",
        "positiveFraction",
        "meanEntropy",
        "reviewsRequested",
        "reviewsOpen",
        "modelVersions",
        "reportedAt");
  }

  /** What an inference worker runs, as it says itself; a silent one has not said so for long. */
  static Map<String, Object> worker(Overview.WorkerState worker) {
    Map<String, Object> json =
        RecordFields.of(worker.report(), "workerId", "version", "since", "reportedAt");
    json.put("silent", worker.isSilent());
    return json;
  }

  private static Map<String, Object> figure(String name, DriftFinding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.putAll(RecordFields.of(finding, "drifted", "distance", "limit", "pValue"));
    json.put("reference", distribution(finding.getReference()));
    json.put("window", distribution(finding.getWindow()));
    return json;
  }

  private static Map<String, Object> distribution(DistributionSummary summary) {
    return RecordFields.of(summary, "count", "min", "p10", "p25", "p50", "p75", "p90", "max");
  }

  private List<HeldBackJson> heldBack(Map<String, OrganThreshold> thresholds) {
    Map<String, Integer> lastDay = overview.heldBackLastDay();
    TreeSet<String> organs = new TreeSet<>(lastDay.keySet());
    thresholds.forEach(
        (organ, threshold) -> {
          if (threshold.getTilesHeldBack() > 0) {
            organs.add(organ);
          }
        });
    return organs.stream()
        .map(
            organ ->
                new HeldBackJson(
                    organ,
                    lastDay.getOrDefault(organ, 0),
                    Optional.ofNullable(thresholds.get(organ))
                        .map(OrganThreshold::getTilesHeldBack)
                        .orElse(null)))
        .toList();
  }

  /**
   * The overview.
   *
   * @param open alerts in the queue
   * @param beyondCapacity whether more alerts are open than the queue holds
   * @param flow whether tiles come through inference; null until it is known
   * @param organs organs with alerts or a threshold, in alphabetical order
   * @param models models with rounds of fine-tuning, weights or workers, in alphabetical order
   * @param slides slides, the newest report first
   * @param drift organs and scanners whose tiles no longer look as they did, the newest first
   * @param heldBack organs of which tiles were held back, in alphabetical order
   */
  private record OverviewJson(
      int open,
      boolean beyondCapacity,
      Flow flow,
      List<OrganJson> organs,
      List<ModelJson> models,
      List<Map<String, Object>> slides,
      List<DriftJson> drift,
      List<HeldBackJson> heldBack) {}

  /** All but organ and open are null where the organ has no threshold yet. */
  private record OrganJson(
      String organ,
      int open,
      Double threshold,
      String scoreName,
      Double quantile,
      Long sampleCount,
      Long modelVersion) {

    static OrganJson of(String organ, int open, Optional<OrganThreshold> threshold) {
      return new OrganJson(
          organ,
          open,
          threshold.map(OrganThreshold::getThreshold).orElse(null),
          threshold.map(OrganThreshold::getRoutingScoreName).orElse(null),
          threshold.map(OrganThreshold::getQuantile).orElse(null),
          threshold.map(OrganThreshold::getSampleCount).orElse(null),
          threshold.map(OrganThreshold::getModelVersion).orElse(null));
    }
  }

  /** What is said of the last round is null where there was none. */
  private record ModelJson(
      String modelId,
      long version,
      Long lastRound,
      Boolean accepted,
      String reason,
      String heldBack,
      Integer examplesUsed,
      String decidedAt,
      List<Map<String, Object>> workers) {

    static ModelJson of(Overview.ModelState model) {
      Optional<DecoderDecision> last = model.lastRound();
      return new ModelJson(
          model.modelId(),
          model.version(),
          last.map(DecoderDecision::getRound).orElse(null),
          last.map(DecoderDecision::getAccepted).orElse(null),
          last.map(DecoderDecision::getReason).orElse(null),
          last.map(DecoderDecision::getHeldBack).orElse(null),
          last.map(DecoderDecision::getExamplesUsed).orElse(null),
          last.map(decision -> decision.getDecidedAt().toString()).orElse(null),
          model.workers().stream().map(OverviewApi::worker).toList());
    }
  }

  /**
   * Tiles that lacked the reviewers' capacity.
   *
   * @param organ their organ
   * @param lastDay how many in the running hour and the 23 before it
   * @param total how many ever; null where the organ has no threshold yet
   */
  private record HeldBackJson(String organ, int lastDay, Long total) {}

  /** An alarm that lasts; "scanner" is null where the tiles name none. */
  private record DriftJson(
      String organ,
      String scanner,
      long modelVersion,
      String since,
      List<Map<String, Object>> figures) {

    static DriftJson of(DriftAlarm alarm) {
      return new DriftJson(
          alarm.getOrgan(),
          alarm.getScanner().isEmpty() ? null : alarm.getScanner(),
          alarm.getModelVersion(),
          alarm.getDetectedAt().toString(),
          List.of(
              figure("mean-entropy", alarm.getEntropy()),
              figure("positive-area", alarm.getPositiveArea())));
    }
  }
}
