package io.histoflow.routing;

import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.topology.TopologyListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the routing service counts. Prometheus adds {@code _total} to counters. What an aborted
 * transaction did is counted again when it is repeated.
 */
final class RoutingMetrics implements TopologyListener, AutoCloseable {
  /**
   * Distinct tiles, with the tags {@code organ} and {@code routed}: no, uncertain, cold_start,
   * floor.
   */
  static final String TILES = "histoflow_routing_tiles";

  /**
   * Tiles that newer weights segmented again and that were not in review, with the tags {@code
   * organ} and {@code routed}: no, newer_weights.
   */
  static final String SECOND_LOOKS = "histoflow_routing_second_looks";

  /** The threshold of an organ, with the tag {@code organ}; in the routing score's unit. */
  static final String THRESHOLD = "histoflow_routing_threshold";

  /** Share of an organ's tiles that went to review so far, with the tag {@code organ}. */
  static final String SHARE = "histoflow_routing_share";

  /**
   * Tiles that would have gone to review, had reviewers the capacity, with the tag {@code organ};
   * they count as not routed above.
   */
  static final String HELD_BACK = "histoflow_routing_held_back";

  /**
   * Background tiles that chance sent to review, with the tag {@code organ}; other background is
   * not counted.
   */
  static final String BACKGROUND_AUDITED = "histoflow_routing_background_audited";

  /** Drift alarms, with the tags {@code organ} and {@code state}: drifted, normal. */
  static final String DRIFT_ALARMS = "histoflow_drift_alarms";

  /**
   * Alarms that more is missed than promised, with the tag {@code organ}: {@value #ALL_ORGANS} for
   * that over all of them together.
   */
  static final String RECALL_ALARMS = "histoflow_recall_alarms";

  /** Slide reports, with the tag {@code status}. */
  static final String REPORTS = "histoflow_slide_reports";

  /** Tag of the organs after the first {@value #MOST_ORGANS}: names come from outside. */
  static final String OTHER = "other";

  private static final String ALL_ORGANS = "*";
  private static final int MOST_ORGANS = 100;
  private static final String ORGAN = "organ";
  private static final String ROUTED = "routed";
  private static final String NOT_ROUTED = "no";
  private static final Logger log = LoggerFactory.getLogger(RoutingMetrics.class);

  private final MeterRegistry registry;
  private final Map<String, AtomicReference<OrganThreshold>> organs = new ConcurrentHashMap<>();
  private KafkaStreamsMetrics streamsMetrics;

  RoutingMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Measures the topology's own threads and clients from now on. */
  synchronized void watch(KafkaStreams streams) {
    close();
    streamsMetrics = new KafkaStreamsMetrics(streams);
    streamsMetrics.bindTo(registry);
  }

  @Override
  public void onTile(String organ, Optional<ReviewReason> reason) {
    String routed = reason.map(RoutingMetrics::tag).orElse(NOT_ROUTED);
    registry.counter(TILES, ORGAN, tag(organ), ROUTED, routed).increment();
  }

  @Override
  public void onHeldBack(TileHeldBack tile) {
    registry.counter(HELD_BACK, ORGAN, tag(tile.getOrgan())).increment();
    log.atDebug()
        .addKeyValue(ORGAN, tile.getOrgan())
        .addKeyValue(LogKeys.TILE_ID, tile.getTileId())
        .addKeyValue("score", tile.getScore())
        .log("A tile is held back, reviewers have no capacity left in this hour");
  }

  @Override
  public void onDrift(DriftAlarm alarm) {
    registry
        .counter(DRIFT_ALARMS, ORGAN, tag(alarm.getOrgan()), "state", tag(alarm.getState()))
        .increment();
    boolean drifted = alarm.getState() == DriftState.DRIFTED;
    (drifted ? log.atWarn() : log.atInfo())
        .addKeyValue(ORGAN, alarm.getOrgan())
        .addKeyValue("scanner", alarm.getScanner())
        .addKeyValue(LogKeys.MODEL_VERSION, alarm.getModelVersion())
        .addKeyValue("entropyDistance", alarm.getEntropy().getDistance())
        .addKeyValue("entropyLimit", alarm.getEntropy().getLimit())
        .addKeyValue("areaDistance", alarm.getPositiveArea().getDistance())
        .addKeyValue("areaLimit", alarm.getPositiveArea().getLimit())
        .log(
            drifted
                ? "The tiles of an organ and scanner have drifted from their reference: look at"
                    + " stain, scanner and model"
                : "The tiles of an organ and scanner agree with their reference again");
  }

  @Override
  public void onRecallAlarm(RecallAlarm alarm) {
    String organ = alarm.getAllOrgans() ? ALL_ORGANS : tag(alarm.getOrgan());
    registry.counter(RECALL_ALARMS, ORGAN, organ).increment();
    log.atWarn()
        .addKeyValue(ORGAN, alarm.getAllOrgans() ? ALL_ORGANS : alarm.getOrgan())
        .addKeyValue("scanner", alarm.getScanner())
        .addKeyValue(LogKeys.MODEL_VERSION, alarm.getModelVersion())
        .addKeyValue("missedShare", alarm.getMissedShare())
        .addKeyValue("level", alarm.getLevel())
        .addKeyValue("slides", alarm.getSlides())
        .log("More is missed than promised: look at the tiles that chance sent to review");
  }

  @Override
  public void onSecondLook(String organ, boolean routed) {
    String tag = routed ? tag(ReviewReason.NEWER_WEIGHTS) : NOT_ROUTED;
    registry.counter(SECOND_LOOKS, ORGAN, tag(organ), ROUTED, tag).increment();
  }

  @Override
  public void onBackgroundAudited(String organ) {
    registry.counter(BACKGROUND_AUDITED, ORGAN, tag(organ)).increment();
  }

  @Override
  public void onThreshold(OrganThreshold threshold) {
    if (!tag(threshold.getOrgan()).equals(OTHER)) {
      organs.get(threshold.getOrgan()).set(threshold);
    }
  }

  @Override
  public void onReport(SlideReport report) {
    registry.counter(REPORTS, "status", tag(report.getStatus())).increment();
  }

  @Override
  public synchronized void close() {
    if (streamsMetrics != null) {
      streamsMetrics.close();
    }
  }

  /** Returns the organ's tag, and registers its gauges when it is new. */
  private String tag(String organ) {
    if (organs.containsKey(organ)) {
      return organ;
    }
    if (organs.size() >= MOST_ORGANS) {
      return OTHER;
    }
    organs.computeIfAbsent(
        organ,
        name -> {
          AtomicReference<OrganThreshold> latest = new AtomicReference<>();
          Tags tags = Tags.of(ORGAN, name);
          registry.gauge(THRESHOLD, tags, latest, RoutingMetrics::threshold);
          registry.gauge(SHARE, tags, latest, RoutingMetrics::share);
          return latest;
        });
    return organ;
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static double threshold(AtomicReference<OrganThreshold> latest) {
    OrganThreshold threshold = latest.get();
    return threshold == null ? Double.NaN : threshold.getThreshold();
  }

  private static double share(AtomicReference<OrganThreshold> latest) {
    OrganThreshold threshold = latest.get();
    return threshold == null || threshold.getTilesSeen() == 0
        ? Double.NaN
        : (double) threshold.getTilesRouted() / threshold.getTilesSeen();
  }
}
