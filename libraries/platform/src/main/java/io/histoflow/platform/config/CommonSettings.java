package io.histoflow.platform.config;

import io.histoflow.schemas.Topics;
import java.time.Duration;

/** The settings that every service understands. */
public final class CommonSettings {
  /** The replication factor of topics that the catalogue creates. */
  public static final Setting<Integer> REPLICATION_FACTOR =
      Setting.ofInt(
          "histoflow.replication.factor",
          1,
          1,
          9,
          "Copies of each partition of a topic that is created at start-up");

  /** The partitions of the topic of scanned tiles. */
  public static final Setting<Integer> SCANNED_PARTITIONS =
      Setting.ofInt(
          "histoflow.scanned.partitions",
          Topics.TILES_SCANNED.partitions(),
          1,
          10_000,
          "Partitions of the topic of scanned tiles when it is created at start-up: as many inference"
              + " workers can share the work; an existing topic keeps its own, and may be given more");

  /** Whether services create topics. */
  public static final Setting<Boolean> TOPICS_CREATE =
      Setting.ofBoolean(
          "histoflow.topics.create",
          true,
          "Whether topics that are missing are created at start-up; where others create them, false"
              + " has a service name those that are missing, and end");

  /** The port of health checks and metrics. */
  public static final Setting<Integer> HEALTH_PORT =
      Setting.ofInt(
          "histoflow.health.port",
          0,
          0,
          65_535,
          "Port of /health/live, /health/ready and /metrics; 0 switches them off");

  /** The address on which health checks and metrics listen. */
  public static final Setting<String> HEALTH_HOST =
      Setting.ofString(
          "histoflow.health.host",
          "127.0.0.1",
          "Address on which health checks and metrics listen; they carry no authentication");

  /** Tells apart the workers of one service. */
  public static final Setting<String> WORKER_ID =
      Setting.ofString(
          "histoflow.worker.id",
          "0",
          "Name of this worker, different for each worker of a service and the same after a"
              + " restart: a transaction that it left open is ended by its successor");

  /** How long a service may take to finish its work when it is stopped. */
  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      Setting.ofDuration(
          "histoflow.shutdown.timeout",
          "30s",
          "How long a service may take to finish its work when it is stopped");

  /** How long records wait for a schema that the registry has lost. */
  public static final Setting<Duration> LOST_SCHEMA_PATIENCE =
      Setting.ofDuration(
          "histoflow.lost.schema.patience",
          "10m",
          "How long records wait for a schema that the registry has lost, because a subject was"
              + " deleted, before they go to the dead letters");

  /** All of them. */
  public static final Settings SETTINGS =
      Settings.of(
          "every service",
          REPLICATION_FACTOR,
          SCANNED_PARTITIONS,
          TOPICS_CREATE,
          HEALTH_PORT,
          HEALTH_HOST,
          WORKER_ID,
          SHUTDOWN_TIMEOUT,
          LOST_SCHEMA_PATIENCE);

  private CommonSettings() {}
}
