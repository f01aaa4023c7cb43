package io.histoflow.launcher.demo;

import io.histoflow.launcher.demo.DemoResult.OrganCounts;
import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the result topics as a downstream consumer would (committed records only, from the
 * beginning) and counts what came out of the loop. Not thread safe: the demo polls it while it
 * waits.
 */
final class LoopWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Reader<TileSegmented> segmentedReader;
  private final Reader<ReviewRequested> reviewReader;
  private final Reader<SlideReport> reportReader;
  private final Reader<DecoderDecision> decisionReader;
  private final Reader<DecoderWeights> weightsReader;
  private final Reader<RecallEstimate> recallReader;

  private final Set<String> segmentedTiles = new HashSet<>();
  private final Map<String, Long> segmentedByOrgan = new TreeMap<>();
  private final Map<TopicPartition, Long> segmentedEnds = new HashMap<>();
  private final Map<String, String> organByRoutedTile = new HashMap<>();
  private final Map<String, SlideReport> reports = new HashMap<>();
  private final Map<String, TileSegmented> firstSegmentations = new HashMap<>();
  private final Map<String, RecallEstimate> estimates = new TreeMap<>();
  private final List<String> deadLetters = new ArrayList<>();
  private DecoderDecision lastDecision;
  private DecoderWeights newestWeights;
  private long duplicates;

  /**
   * Starts to read.
   *
   * @param consumer a consumer of committed records that belongs to nobody else; closed with this
   * @param clientConfig keys of the registry client
   */
  LoopWatch(Consumer<byte[], byte[]> consumer, Map<String, ?> clientConfig) {
    this.consumer = consumer;
    segmentedReader = new Reader<>(Topics.TILES_SEGMENTED, clientConfig);
    reviewReader = new Reader<>(Topics.TILES_REVIEW, clientConfig);
    reportReader = new Reader<>(Topics.SLIDES_REPORTED, clientConfig);
    decisionReader = new Reader<>(Topics.DECODER_DECISIONS, clientConfig);
    weightsReader = new Reader<>(Topics.DECODER_WEIGHTS, clientConfig);
    recallReader = new Reader<>(Topics.RECALL_ESTIMATES, clientConfig);
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicSpec<?> spec :
        List.of(
            Topics.TILES_SEGMENTED,
            Topics.TILES_REVIEW,
            Topics.SLIDES_REPORTED,
            Topics.DECODER_DECISIONS,
            Topics.DECODER_WEIGHTS,
            Topics.RECALL_ESTIMATES)) {
      addPartitions(partitions, spec.name(), spec.partitions());
    }
    addPartitions(
        partitions, Topics.TILES_DEAD_LETTER.name(), Topics.TILES_DEAD_LETTER.partitions());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private static void addPartitions(List<TopicPartition> partitions, String topic, int count) {
    for (int p = 0; p < count; p++) {
      partitions.add(new TopicPartition(topic, p));
    }
  }

  /**
   * Reads on until a condition holds.
   *
   * @param condition over the counts of this watch
   * @param stall how long the counts may stand still before it gives up
   * @param pulse what changes while work goes on that these counts do not show; asked before it
   *     gives up
   * @param each called after every poll, for progress
   * @return false when nothing moved for {@code stall}
   */
  boolean readUntil(
      BooleanSupplier condition, Duration stall, Supplier<Optional<String>> pulse, Runnable each) {
    long lastMove = System.nanoTime();
    Optional<String> lastPulse = Optional.empty();
    while (!condition.getAsBoolean()) {
      int count = poll();
      each.run();
      if (count > 0) {
        lastMove = System.nanoTime();
      } else if (System.nanoTime() - lastMove > stall.toNanos()) {
        Optional<String> present = pulse.get();
        if (present.equals(lastPulse)) {
          return condition.getAsBoolean();
        }
        lastPulse = present;
        lastMove = System.nanoTime();
      }
    }
    return true;
  }

  private int poll() {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      read(record);
      count++;
    }
    return count;
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(Topics.TILES_DEAD_LETTER.name())) {
      deadLetters.add(reasonOf(record));
    } else if (topic.equals(Topics.TILES_SEGMENTED.name())) {
      segmentedEnds.put(new TopicPartition(topic, record.partition()), record.offset() + 1);
      segmentedReader.read(record).ifPresent(this::countSegmented);
    } else if (topic.equals(Topics.TILES_REVIEW.name())) {
      reviewReader
          .read(record)
          .ifPresent(
              alert ->
                  organByRoutedTile.put(
                      alert.getSegmentation().getTileId(), alert.getSegmentation().getOrgan()));
    } else if (topic.equals(Topics.SLIDES_REPORTED.name())) {
      reportReader.read(record).ifPresent(report -> reports.put(report.getSlideId(), report));
    } else if (topic.equals(Topics.DECODER_DECISIONS.name())) {
      decisionReader.read(record).ifPresent(decision -> lastDecision = decision);
    } else if (topic.equals(Topics.RECALL_ESTIMATES.name())) {
      recallReader.read(record).ifPresent(estimate -> estimates.put(nameOf(estimate), estimate));
    } else {
      weightsReader.read(record).ifPresent(weights -> newestWeights = weights);
    }
  }

  private static String nameOf(RecallEstimate estimate) {
    return estimate.getOrgan() + "/" + estimate.getScanner() + "/" + estimate.getModelVersion();
  }

  private static String reasonOf(ConsumerRecord<byte[], byte[]> record) {
    var header = record.headers().lastHeader("__streams.errors.message");
    return header == null || header.value() == null
        ? "no reason given"
        : new String(header.value(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private void countSegmented(TileSegmented tile) {
    if (segmentedTiles.add(tile.getTileId())) {
      segmentedByOrgan.merge(tile.getOrgan(), 1L, Long::sum);
      firstSegmentations.put(tile.getTileId(), tile);
    } else {
      duplicates++;
    }
  }

  /** Distinct tiles with a segmentation. */
  long segmented() {
    return segmentedTiles.size();
  }

  /** The first segmentation of each tile. */
  Collection<TileSegmented> firstSegmentations() {
    return firstSegmentations.values();
  }

  /** The latest estimate of each organ, scanner and version. */
  List<RecallEstimate> estimates() {
    return List.copyOf(estimates.values());
  }

  /** Segmentations beyond the first of a tile. */
  long duplicates() {
    return duplicates;
  }

  /** The reason of every dead letter, in the order read. */
  List<String> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Per partition of the segmented tiles, the offset after the last record read. */
  Map<TopicPartition, Long> segmentedEnds() {
    return Map.copyOf(segmentedEnds);
  }

  /** Distinct tiles that were routed to review, whether their alert is still open or not. */
  int routed() {
    return organByRoutedTile.size();
  }

  /** Tiles segmented and routed per organ. */
  SortedMap<String, OrganCounts> organs() {
    Map<String, Long> routed = new HashMap<>();
    organByRoutedTile.values().forEach(organ -> routed.merge(organ, 1L, Long::sum));
    SortedMap<String, OrganCounts> counts = new TreeMap<>();
    segmentedByOrgan.forEach(
        (organ, segmented) ->
            counts.put(organ, new OrganCounts(segmented, routed.getOrDefault(organ, 0L))));
    return counts;
  }

  /** Number of slides with a report. */
  int reports() {
    return reports.size();
  }

  /** Number of slides whose newest report is complete. */
  int completeReports() {
    return (int)
        reports.values().stream().filter(r -> r.getStatus() == ReportStatus.COMPLETE).count();
  }

  /** The newest decision of the gate. */
  Optional<DecoderDecision> decision() {
    return Optional.ofNullable(lastDecision);
  }

  /** The newest weights. */
  Optional<DecoderWeights> weights() {
    return Optional.ofNullable(newestWeights);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static final class Reader<V extends SpecificRecord> {
    private final Deserializer<V> deserializer;

    Reader(TopicSpec<V> spec, Map<String, ?> clientConfig) {
      deserializer = AvroSerdes.of(spec, clientConfig).deserializer();
    }

    Optional<V> read(ConsumerRecord<byte[], byte[]> record) {
      return Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()));
    }
  }
}
