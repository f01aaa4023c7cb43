package io.histoflow.review.http;

import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.schemas.DistributionSummary;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftFinding;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SlideReport;
import io.javalin.config.RoutesConfig;
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
        organs.stream()
            .map(organ -> OrganJson.of(organ, open.getOrDefault(organ, 0), thresholds.get(organ)))
            .toList(),
        overview.models().stream().map(ModelJson::of).toList(),
        overview.slides().stream().limit(MOST_SLIDES).map(SlideJson::of).toList(),
        overview.drifts().stream().map(DriftJson::of).toList(),
        heldBack(thresholds));
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
   * @param organs organs with alerts or a threshold, in alphabetical order
   * @param models models with rounds of fine-tuning, weights or workers, in alphabetical order
   * @param slides slides, the newest report first
   * @param drift organs and scanners whose tiles no longer look as they did, the newest first
   * @param heldBack organs of which tiles were held back, in alphabetical order
   */
  private record OverviewJson(
      int open,
      boolean beyondCapacity,
      List<OrganJson> organs,
      List<ModelJson> models,
      List<SlideJson> slides,
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

    static OrganJson of(String organ, int open, OrganThreshold threshold) {
      return threshold == null
          ? new OrganJson(organ, open, null, null, null, null, null)
          : new OrganJson(
              organ,
              open,
              threshold.getThreshold(),
              threshold.getRoutingScoreName(),
              threshold.getQuantile(),
              threshold.getSampleCount(),
              threshold.getModelVersion());
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
      List<WorkerJson> workers) {

    static ModelJson of(Overview.ModelState model) {
      List<WorkerJson> workers = model.workers().stream().map(WorkerJson::of).toList();
      return model
          .lastRound()
          .map(
              last ->
                  new ModelJson(
                      model.modelId(),
                      model.version(),
                      last.getRound(),
                      last.getAccepted(),
                      last.getReason(),
                      last.getHeldBack(),
                      last.getExamplesUsed(),
                      last.getDecidedAt().toString(),
                      workers))
          .orElseGet(
              () ->
                  new ModelJson(
                      model.modelId(),
                      model.version(),
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      workers));
    }
  }

  /** What an inference worker runs, as it says itself; a silent one has not said so for long. */
  private record WorkerJson(
      String workerId, long version, String since, String reportedAt, boolean silent) {

    static WorkerJson of(Overview.WorkerState worker) {
      return new WorkerJson(
          worker.report().getWorkerId(),
          worker.report().getVersion(),
          worker.report().getSince().toString(),
          worker.report().getReportedAt().toString(),
          worker.isSilent());
    }
  }

  private record SlideJson(
      String slideId,
      String organ,
      String status,
      int tilesSeen,
      Integer tilesExpected,
      int tilesBackground,
      double positiveFraction,
      double meanEntropy,
      int reviewsRequested,
      int reviewsOpen,
      List<Long> modelVersions,
      String reportedAt) {

    static SlideJson of(SlideReport report) {
      return new SlideJson(
          report.getSlideId(),
          report.getOrgan(),
          report.getStatus().name(),
          report.getTilesSeen(),
          report.getTilesExpected(),
          report.getTilesBackground(),
          report.getPositiveFraction(),
          report.getMeanEntropy(),
          report.getReviewsRequested(),
          report.getReviewsOpen(),
          List.copyOf(report.getModelVersions()),
          report.getReportedAt().toString());
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
      String organ, String scanner, long modelVersion, String since, List<FigureJson> figures) {

    static DriftJson of(DriftAlarm alarm) {
      return new DriftJson(
          alarm.getOrgan(),
          alarm.getScanner().isEmpty() ? null : alarm.getScanner(),
          alarm.getModelVersion(),
          alarm.getDetectedAt().toString(),
          List.of(
              FigureJson.of("mean-entropy", alarm.getEntropy()),
              FigureJson.of("positive-area", alarm.getPositiveArea())));
    }
  }

  private record FigureJson(
      String name,
      boolean drifted,
      double distance,
      double limit,
      double pValue,
      DistributionJson reference,
      DistributionJson window) {

    static FigureJson of(String name, DriftFinding finding) {
      return new FigureJson(
          name,
          finding.getDrifted(),
          finding.getDistance(),
          finding.getLimit(),
          finding.getPValue(),
          DistributionJson.of(finding.getReference()),
          DistributionJson.of(finding.getWindow()));
    }
  }

  private record DistributionJson(
      long count,
      double min,
      double p10,
      double p25,
      double p50,
      double p75,
      double p90,
      double max) {

    static DistributionJson of(DistributionSummary summary) {
      return new DistributionJson(
          summary.getCount(),
          summary.getMin(),
          summary.getP10(),
          summary.getP25(),
          summary.getP50(),
          summary.getP75(),
          summary.getP90(),
          summary.getMax());
    }
  }
}
