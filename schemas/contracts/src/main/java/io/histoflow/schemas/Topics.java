package io.histoflow.schemas;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The catalogue of topics. Topics keyed or joined by slide have equal numbers of partitions, so
 * that Kafka Streams can join them without moving records.
 */
public final class Topics {
  private static final int PARTITIONS = 6;
  private static final int MIB = 1024 * 1024;
  private static final Duration IMAGES = Duration.ofDays(14);
  private static final Duration RESULTS = Duration.ofDays(30);

  /** Tiles as scanners publish them, with the image. */
  public static final TopicSpec<TileScanned> TILES_SCANNED =
      new TopicSpec<>(
          "histoflow.tiles.scanned.v1",
          "tileId",
          TileScanned.class,
          PARTITIONS,
          Cleanup.DELETE,
          IMAGES,
          9 * MIB);

  /** The manifest of each slide. */
  public static final TopicSpec<SlideScanned> SLIDES_SCANNED =
      new TopicSpec<>(
          "histoflow.slides.scanned.v1",
          "slideId",
          SlideScanned.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          MIB);

  /** Masks and entropy scores. */
  public static final TopicSpec<TileSegmented> TILES_SEGMENTED =
      new TopicSpec<>(
          "histoflow.tiles.segmented.v1",
          "slideId",
          TileSegmented.class,
          PARTITIONS,
          Cleanup.DELETE,
          RESULTS,
          9 * MIB);

  /** The routing threshold of each organ. */
  public static final TopicSpec<OrganThreshold> ORGANS_THRESHOLDS =
      new TopicSpec<>(
          "histoflow.organs.thresholds.v1",
          "organ",
          OrganThreshold.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          MIB);

  /** Open review alerts; a tombstone closes one. */
  public static final TopicSpec<ReviewRequested> TILES_REVIEW =
      new TopicSpec<>(
          "histoflow.tiles.review.v1",
          "tileId",
          ReviewRequested.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          9 * MIB);

  /** Tiles that would have gone to review, had the reviewers' capacity allowed it. */
  public static final TopicSpec<TileHeldBack> TILES_HELD_BACK =
      new TopicSpec<>(
          "histoflow.tiles.held-back.v1",
          "tileId",
          TileHeldBack.class,
          PARTITIONS,
          Cleanup.DELETE,
          RESULTS,
          MIB);

  /** Verdicts of pathologists, with the image; kept for ever. */
  public static final TopicSpec<MaskCorrected> MASKS_CORRECTED =
      new TopicSpec<>(
          "histoflow.masks.corrected.v1",
          "tileId",
          MaskCorrected.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          10 * MIB);

  /** The decoder weights in force; a tombstone for those as shipped. */
  public static final TopicSpec<DecoderWeights> DECODER_WEIGHTS =
      new TopicSpec<>(
          "histoflow.decoder.weights.v1",
          "modelId",
          DecoderWeights.class,
          1,
          Cleanup.COMPACT,
          null,
          64 * MIB);

  /** Every version of the decoder weights that passed the gate; kept for ever. */
  public static final TopicSpec<DecoderWeights> DECODER_ARCHIVE =
      new TopicSpec<>(
          "histoflow.decoder.archive.v1",
          "modelId@version",
          DecoderWeights.class,
          1,
          Cleanup.COMPACT,
          null,
          64 * MIB);

  /** Every round of fine-tuning and what the gate said; kept for ever. */
  public static final TopicSpec<DecoderDecision> DECODER_DECISIONS =
      new TopicSpec<>(
          "histoflow.decoder.decisions.v1",
          "modelId",
          DecoderDecision.class,
          1,
          Cleanup.DELETE,
          null,
          MIB);

  /** What people did to the weights in force: rolled back, pinned, unpinned; kept for ever. */
  public static final TopicSpec<WeightsChange> DECODER_CHANGES =
      new TopicSpec<>(
          "histoflow.decoder.changes.v1",
          "modelId",
          WeightsChange.class,
          1,
          Cleanup.DELETE,
          null,
          MIB);

  /** The weights that each inference worker runs; a tombstone when it stops. */
  public static final TopicSpec<WorkerVersion> WORKERS_VERSIONS =
      new TopicSpec<>(
          "histoflow.workers.versions.v1",
          "workerId",
          WorkerVersion.class,
          1,
          Cleanup.COMPACT,
          null,
          MIB);

  /** One report per slide. */
  public static final TopicSpec<SlideReport> SLIDES_REPORTED =
      new TopicSpec<>(
          "histoflow.slides.reported.v1",
          "slideId",
          SlideReport.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          MIB);

  /** Every drift of an organ's tiles from their reference, and every return; kept for ever. */
  public static final TopicSpec<DriftAlarm> DRIFT_ALARMS =
      new TopicSpec<>(
          "histoflow.drift.alarms.v1",
          "organ/scanner",
          DriftAlarm.class,
          PARTITIONS,
          Cleanup.DELETE,
          null,
          MIB);

  /**
   * Records nobody could use: key and value bytes as at the source, the reason in {@code
   * __streams.errors.*} headers. Not Avro. Holds the largest record of any other topic.
   */
  public static final TopicLayout TILES_DEAD_LETTER =
      new TopicLayout(
          "histoflow.tiles.dead-letter.v1", PARTITIONS, Cleanup.DELETE, RESULTS, 65 * MIB);

  private static final List<TopicSpec<?>> ALL =
      List.of(
          TILES_SCANNED,
          SLIDES_SCANNED,
          TILES_SEGMENTED,
          ORGANS_THRESHOLDS,
          TILES_REVIEW,
          TILES_HELD_BACK,
          MASKS_CORRECTED,
          DECODER_WEIGHTS,
          DECODER_ARCHIVE,
          DECODER_DECISIONS,
          DECODER_CHANGES,
          WORKERS_VERSIONS,
          SLIDES_REPORTED,
          DRIFT_ALARMS);

  private Topics() {}

  /** Returns every topic of Avro records. */
  public static List<TopicSpec<?>> all() {
    return ALL;
  }

  /**
   * Tells whether a topic may have any number of partitions. Those of scanned tiles are shared out
   * among the inference workers and joined with nothing; records of all other topics must meet.
   *
   * @param topic name of the topic
   */
  public static boolean hasAnyPartitions(String topic) {
    return topic.equals(TILES_SCANNED.name());
  }

  /**
   * Returns every topic, the dead-letter topic included.
   *
   * @param scannedPartitions partitions of the topic of scanned tiles, 1 or more
   */
  public static List<TopicLayout> layouts(int scannedPartitions) {
    return layouts().stream()
        .map(
            layout ->
                hasAnyPartitions(layout.name()) ? layout.withPartitions(scannedPartitions) : layout)
        .toList();
  }

  /** Returns every topic, the dead-letter topic included. */
  public static List<TopicLayout> layouts() {
    return Stream.concat(ALL.stream().map(TopicSpec::layout), Stream.of(TILES_DEAD_LETTER))
        .toList();
  }
}
