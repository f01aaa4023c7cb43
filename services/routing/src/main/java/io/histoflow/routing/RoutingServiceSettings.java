package io.histoflow.routing;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.topology.TopologySettings;
import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.recall.RecallSettings;
import io.histoflow.topology.reports.ReportSettings;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;

/** The settings of the routing service. */
final class RoutingServiceSettings {
  private static final TopologySettings DEFAULTS = TopologySettings.defaults();

  static final Setting<Double> BUDGET =
      Setting.ofDouble(
          "histoflow.routing.budget",
          DEFAULTS.routing().budget(),
          0,
          1,
          "Share of each organ's tiles that may go to review");

  static final Setting<Integer> COLD_START_TILES =
      Setting.ofInt(
          "histoflow.routing.cold.start.tiles",
          DEFAULTS.routing().coldStartTiles(),
          1,
          100_000,
          "Scores of an organ that must be known before its own distribution sets the threshold");

  static final Setting<Double> COLD_START_THRESHOLD =
      Setting.ofDouble(
          "histoflow.routing.cold.start.threshold",
          DEFAULTS.routing().coldStartThreshold(),
          -Double.MAX_VALUE,
          Double.MAX_VALUE,
          "Routing score above which a tile goes to review until then, in the score's own unit");

  static final Setting<Integer> WINDOW_TILES =
      Setting.ofInt(
          "histoflow.routing.window.tiles",
          DEFAULTS.routing().windowTiles(),
          2,
          10_000_000,
          "Latest scores of an organ that its threshold rests on; at least twice the cold start");

  static final Setting<Double> FLOOR =
      Setting.ofDouble(
          "histoflow.routing.floor",
          DEFAULTS.routing().floor(),
          -Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          "Routing score from which a tile always goes to review, whatever budget and capacity say,"
              + " in the score's own unit; Infinity for none");

  static final Setting<Integer> CAPACITY_PER_HOUR =
      Setting.ofInt(
          "histoflow.routing.capacity.per.hour",
          DEFAULTS.routing().capacityPerHour(),
          0,
          1_000_000,
          "Alerts in any hour over all organs that reviewers can take, a sixth of them from each"
              + " partition; 0 for no limit, else at least 6");

  static final Setting<Double> INK_FRACTION =
      Setting.ofDouble(
          "histoflow.routing.ink.fraction",
          DEFAULTS.routing().inkFraction(),
          0,
          1,
          "Share of a tile's pixels from which pen ink sends it to review, as far as the organ's"
              + " budget goes; 0 for never");

  static final Setting<Double> AUDIT_SHARE =
      Setting.ofDouble(
          "histoflow.routing.audit.share",
          0.2,
          0,
          1,
          "Share of the review budget that chance spends, whatever a tile's score, so that what"
              + " nobody sees is measured; 0 for no audit");

  static final Setting<Double> AUDIT_BACKGROUND_SHARE =
      Setting.ofDouble(
          "histoflow.routing.audit.background.share",
          0.002,
          0,
          1,
          "Share of the tiles recognised as background that chance sends to review, at the expense"
              + " of their organ's budget");

  static final Setting<Double> AUDIT_SECOND_SHARE =
      Setting.ofDouble(
          "histoflow.routing.audit.second.share",
          0.1,
          0,
          1,
          "Share of the tiles drawn by chance that a second person reads after the verdict, without"
              + " seeing it, so that it is known how far people agree; 0 for none");

  static final Setting<String> AUDIT_KEY =
      Setting.ofString(
          "histoflow.routing.audit.key",
          "",
          "Secret of 16 bytes or more by which the audit is drawn, the same for all instances;"
              + " where empty it is made once and kept in the file audit.key of the state folder");

  static final Setting<Integer> DRIFT_REFERENCE_TILES =
      Setting.ofInt(
          "histoflow.drift.reference.tiles",
          DEFAULTS.drift().referenceTiles(),
          40,
          10_000_000,
          "First tiles of an organ, scanner and model version, from which later ones may drift; at"
              + " least twice the window");

  static final Setting<Integer> DRIFT_WINDOW_TILES =
      Setting.ofInt(
          "histoflow.drift.window.tiles",
          DEFAULTS.drift().windowTiles(),
          20,
          1_000_000,
          "Tiles after them that are compared with the reference at a time");

  static final Setting<Double> DRIFT_FALSE_ALARMS =
      Setting.ofDouble(
          "histoflow.drift.false.alarms",
          DEFAULTS.drift().falseAlarmsPerThousandWindows(),
          Double.MIN_VALUE,
          100,
          "Windows in a thousand that may differ by chance");

  static final Setting<Double> DRIFT_SMALLEST_DISTANCE =
      Setting.ofDouble(
          "histoflow.drift.smallest.distance",
          DEFAULTS.drift().smallestDistance(),
          0,
          1,
          "Smallest difference of two cumulative distributions that matters, 0..1; 1 switches the"
              + " drift alarm off");

  static final Setting<Duration> SUMMARY_INTERVAL =
      Setting.ofDuration(
          "histoflow.routing.summary.interval",
          "1s",
          "Longest time for which scores wait before they count for the threshold");

  static final Setting<Duration> REPORT_TIMEOUT =
      Setting.ofDuration(
          "histoflow.reports.timeout",
          "10m",
          "Time without a new tile after which an unfinished slide is reported as INCOMPLETE");

  static final Setting<Duration> REPORT_UPDATE_DELAY =
      Setting.ofDuration(
          "histoflow.reports.update.delay",
          "2s",
          "Time for which changes to a reported slide are collected before it is reported again");

  static final Setting<Duration> REPORT_RETENTION =
      Setting.ofDuration(
          "histoflow.reports.retention",
          "30d",
          "Time without a change after which the tiles of a slide are forgotten and its report"
              + " stays as it is, until it is scanned again; longer than tiles are kept");

  static final Setting<Double> RECALL_LEVEL =
      Setting.ofDouble(
          "histoflow.recall.level",
          DEFAULTS.recall().level(),
          0.001,
          0.999,
          "Highest expected share of a tile's positive pixels that may be missed; more raises an"
              + " alarm");

  static final Setting<Duration> RECALL_INTERVAL =
      Setting.ofDuration(
          "histoflow.recall.interval",
          "10s",
          "How often estimates of recall are published that a verdict has changed");

  static final Setting<Integer> THREADS =
      Setting.ofInt(
          "histoflow.routing.threads", 1, 1, 64, "Threads that process partitions in parallel");

  static final Setting<Duration> COMMIT_INTERVAL =
      Setting.ofDuration(
          "histoflow.routing.commit.interval",
          "100ms",
          "How often results are committed and so become visible; every commit costs the brokers a"
              + " transaction");

  static final Setting<Path> STATE_DIR =
      Setting.ofPath(
          "histoflow.routing.state.dir",
          Path.of("histoflow-routing"),
          "Folder of the state stores, for its owner only, with one subfolder for each cluster and"
              + " worker; rebuilt from the brokers where it is lost");

  static final Setting<GroupProtocol> GROUP_PROTOCOL =
      Setting.ofEnum(
          "histoflow.routing.group.protocol",
          GroupProtocol.class,
          GroupProtocol.STREAMS,
          "How instances share the partitions: streams (KIP-1071, brokers from 4.2) or classic");

  static final Setting<Integer> STANDBY_REPLICAS =
      Setting.ofInt(
          "histoflow.routing.standby.replicas",
          0,
          0,
          5,
          "Copies of the state that other instances keep up to date, so that one of them can take"
              + " over without restoring it from the brokers first; as many instances more are"
              + " needed");

  static final Setting<Duration> START_TIMEOUT =
      Setting.ofDuration(
          "histoflow.routing.start.timeout",
          "60s",
          "How long the service may take to join its group and restore its state");

  static final Setting<Duration> PROGRESS_TIMEOUT =
      Setting.ofDuration(
          "histoflow.routing.progress.timeout",
          "2m",
          "Time without progress on a partition with records left after which the service says that"
              + " it is not ready");

  static final Settings ALL =
      Settings.of(
          "routing",
          BUDGET,
          COLD_START_TILES,
          COLD_START_THRESHOLD,
          WINDOW_TILES,
          FLOOR,
          CAPACITY_PER_HOUR,
          INK_FRACTION,
          AUDIT_SHARE,
          AUDIT_BACKGROUND_SHARE,
          AUDIT_SECOND_SHARE,
          AUDIT_KEY,
          DRIFT_REFERENCE_TILES,
          DRIFT_WINDOW_TILES,
          DRIFT_FALSE_ALARMS,
          DRIFT_SMALLEST_DISTANCE,
          SUMMARY_INTERVAL,
          REPORT_TIMEOUT,
          REPORT_UPDATE_DELAY,
          REPORT_RETENTION,
          RECALL_LEVEL,
          RECALL_INTERVAL,
          THREADS,
          COMMIT_INTERVAL,
          STATE_DIR,
          GROUP_PROTOCOL,
          STANDBY_REPLICAS,
          START_TIMEOUT,
          PROGRESS_TIMEOUT);

  private RoutingServiceSettings() {}

  /**
   * Reads what the topology needs.
   *
   * @throws ConfigException where values are not allowed, alone or together
   */
  static TopologySettings topology(ServiceConfig config) {
    try {
      return new TopologySettings(
          new RoutingSettings(
              config.get(BUDGET),
              config.get(COLD_START_TILES),
              config.get(COLD_START_THRESHOLD),
              config.get(WINDOW_TILES),
              config.get(FLOOR),
              config.get(CAPACITY_PER_HOUR),
              config.get(INK_FRACTION),
              config.get(SUMMARY_INTERVAL),
              audit(config, config.get(AUDIT_KEY))),
          new DriftSettings(
              config.get(DRIFT_REFERENCE_TILES),
              config.get(DRIFT_WINDOW_TILES),
              config.get(DRIFT_FALSE_ALARMS),
              config.get(DRIFT_SMALLEST_DISTANCE)),
          new ReportSettings(
              config.get(REPORT_TIMEOUT),
              config.get(REPORT_UPDATE_DELAY),
              config.get(REPORT_RETENTION)),
          new RecallSettings(
              config.get(RECALL_LEVEL), config.get(RECALL_INTERVAL), config.get(REPORT_RETENTION)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "The routing settings do not fit together: " + e.getMessage() + ".", e);
    }
  }

  /** Returns which tiles chance draws by a key; none where it is empty. */
  static AuditSettings audit(ServiceConfig config, String key) {
    return key.isEmpty()
        ? AuditSettings.NONE
        : new AuditSettings(
            config.get(AUDIT_SHARE),
            config.get(AUDIT_BACKGROUND_SHARE),
            config.get(AUDIT_SECOND_SHARE),
            key);
  }

  /** How instances of the service share the partitions. */
  enum GroupProtocol {
    /** The brokers assign tasks. */
    STREAMS,
    /** An instance assigns tasks. */
    CLASSIC
  }
}
