package io.histoflow.schemas;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

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
      deleted("histoflow.tiles.scanned.v1", "tileId", TileScanned.class, IMAGES, 9);

  /** The manifest of each slide. */
  public static final TopicSpec<SlideScanned> SLIDES_SCANNED =
      compacted("histoflow.slides.scanned.v1", "slideId", SlideScanned.class, PARTITIONS, 1);

  /** Masks and entropy scores. */
  public static final TopicSpec<TileSegmented> TILES_SEGMENTED =
      deleted("histoflow.tiles.segmented.v1", "slideId", TileSegmented.class, RESULTS, 9);

  /** The routing threshold of each organ. */
  public static final TopicSpec<OrganThreshold> ORGANS_THRESHOLDS =
      compacted("histoflow.organs.thresholds.v1", "organ", OrganThreshold.class, PARTITIONS, 1);

  /** Open review alerts; a tombstone closes one. */
  public static final TopicSpec<ReviewRequested> TILES_REVIEW =
      compacted("histoflow.tiles.review.v1", "tileId", ReviewRequested.class, PARTITIONS, 9);

  /** Who has which tile of an open alert before them; a tombstone ends a claim. */
  public static final TopicSpec<TileClaim> TILES_CLAIMS =
      compacted("histoflow.tiles.claims.v1", "tileId", TileClaim.class, PARTITIONS, 1);

  /** Tiles that would have gone to review, had the reviewers' capacity allowed it. */
  public static final TopicSpec<TileHeldBack> TILES_HELD_BACK =
      deleted("histoflow.tiles.held-back.v1", "tileId", TileHeldBack.class, RESULTS, 1);

  /** Verdicts of pathologists, with the image; kept for ever. */
  public static final TopicSpec<MaskCorrected> MASKS_CORRECTED =
      compacted("histoflow.masks.corrected.v1", "tileId", MaskCorrected.class, PARTITIONS, 10);

  /** Second opinions: verdicts beside the one that counts. Nothing learns from them; for ever. */
  public static final TopicSpec<MaskCorrected> MASKS_OPINIONS =
      kept("histoflow.masks.opinions.v1", "tileId", MaskCorrected.class, PARTITIONS, 10);

  /** What people did in review: signed in, claimed, decided; kept for ever. */
  public static final TopicSpec<ReviewAct> REVIEWERS_ACTS =
      kept("histoflow.reviewers.acts.v1", "reviewer", ReviewAct.class, 1, 1);

  /** The decoder weights in force; a tombstone for those as shipped. */
  public static final TopicSpec<DecoderWeights> DECODER_WEIGHTS =
      compacted("histoflow.decoder.weights.v1", "modelId", DecoderWeights.class, 1, 64);

  /** Every version of the decoder weights that passed the gate; kept for ever. */
  public static final TopicSpec<DecoderWeights> DECODER_ARCHIVE =
      compacted("histoflow.decoder.archive.v1", "modelId@version", DecoderWeights.class, 1, 64);

  /** Every round of fine-tuning and what the gate said; kept for ever. */
  public static final TopicSpec<DecoderDecision> DECODER_DECISIONS =
      kept("histoflow.decoder.decisions.v1", "modelId", DecoderDecision.class, 1, 1);

  /** What people did to the weights in force: rolled back, pinned, unpinned; kept for ever. */
  public static final TopicSpec<WeightsChange> DECODER_CHANGES =
      kept("histoflow.decoder.changes.v1", "modelId", WeightsChange.class, 1, 1);

  /** The weights that each inference worker runs; a tombstone when it stops. */
  public static final TopicSpec<WorkerVersion> WORKERS_VERSIONS =
      compacted("histoflow.workers.versions.v1", "workerId", WorkerVersion.class, 1, 1);

  /** One report per slide. */
  public static final TopicSpec<SlideReport> SLIDES_REPORTED =
      compacted("histoflow.slides.reported.v1", "slideId", SlideReport.class, PARTITIONS, 1);

  /** Every drift of an organ's tiles from their reference, and every return; kept for ever. */
  public static final TopicSpec<DriftAlarm> DRIFT_ALARMS =
      kept("histoflow.drift.alarms.v1", "organ/scanner", DriftAlarm.class, PARTITIONS, 1);

  /** What is found and missed over all tiles, estimated from those that were reviewed. */
  public static final TopicSpec<RecallEstimate> RECALL_ESTIMATES =
      compacted(
          "histoflow.recall.estimates.v1",
          "organ/scanner/version",
          RecallEstimate.class,
          PARTITIONS,
          1);

  /** Every time that more was found to be missed than promised; kept for ever. */
  public static final TopicSpec<RecallAlarm> RECALL_ALARMS =
      kept("histoflow.recall.alarms.v1", "organ/scanner/version", RecallAlarm.class, PARTITIONS, 1);

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
          TILES_CLAIMS,
          TILES_HELD_BACK,
          MASKS_CORRECTED,
          MASKS_OPINIONS,
          REVIEWERS_ACTS,
          DECODER_WEIGHTS,
          DECODER_ARCHIVE,
          DECODER_DECISIONS,
          DECODER_CHANGES,
          WORKERS_VERSIONS,
          SLIDES_REPORTED,
          DRIFT_ALARMS,
          RECALL_ESTIMATES,
          RECALL_ALARMS);

  private Topics() {}

  private static <V extends SpecificRecord> TopicSpec<V> deleted(
      String name, String key, Class<V> type, Duration retention, int mib) {
    return new TopicSpec<>(name, key, type, PARTITIONS, Cleanup.DELETE, retention, mib * MIB);
  }

  /** Every record is kept for ever. */
  private static <V extends SpecificRecord> TopicSpec<V> kept(
      String name, String key, Class<V> type, int partitions, int mib) {
    return new TopicSpec<>(name, key, type, partitions, Cleanup.DELETE, null, mib * MIB);
  }

  /** The latest record of each key is kept for ever. */
  private static <V extends SpecificRecord> TopicSpec<V> compacted(
      String name, String key, Class<V> type, int partitions, int mib) {
    return new TopicSpec<>(name, key, type, partitions, Cleanup.COMPACT, null, mib * MIB);
  }

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
