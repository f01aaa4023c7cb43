package io.histoflow.routing;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WorkerVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What is found and missed, for Prometheus: the latest estimate of each organ and scanner, with the
 * tags {@code organ} and {@code scanner}, by the weights that the workers have put in force last.
 * NaN where nothing is known of these. Both are read from their topics, from the beginning: they
 * show from the start on, whichever instance made the estimate.
 */
final class RecallGauges implements AutoCloseable {
  /** Share of what there is to find that the network finds, over all tiles. */
  static final String RECALL = "histoflow_recall";

  /** Lower end of its 95 % interval, for one look. */
  static final String RECALL_LOW = "histoflow_recall_low";

  /** Upper end. */
  static final String RECALL_HIGH = "histoflow_recall_high";

  /** The same after review: what scores sent there is as the reviewer left it. */
  static final String RECALL_REVIEWED = "histoflow_recall_reviewed";

  /** Tiles drawn by chance and read. */
  static final String RECALL_AUDITED = "histoflow_recall_audited_tiles";

  /** 1 where more is found to be missed than promised. */
  static final String RECALL_ALARM = "histoflow_recall_alarm";

  /** Version of the weights that all these are about. */
  static final String RECALL_VERSION = "histoflow_recall_model_version";

  /** Names come from outside. */
  private static final int MOST_GROUPS = 100;

  private static final int MOST_VERSIONS = 100;

  private final MeterRegistry registry;
  private final Map<Tags, NavigableMap<Long, RecallEstimate>> groups = new ConcurrentHashMap<>();
  private final AtomicReference<WorkerVersion> latest = new AtomicReference<>();
  private List<Service> readers = List.of();

  RecallGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Follows the topics, and anew where that has ended; returns when all that is there is read. */
  void follow(KafkaClients clients) {
    if (readers.stream().anyMatch(reader -> reader.state() == ServiceState.FAILED)) {
      close();
    }
    if (readers.isEmpty()) {
      readers =
          List.of(
              new CompactedTopicReader<>(
                  clients,
                  Topics.RECALL_ESTIMATES,
                  record -> Optional.ofNullable(record.value()).ifPresent(this::estimated)),
              new CompactedTopicReader<>(
                  clients,
                  Topics.WORKERS_VERSIONS,
                  record -> Optional.ofNullable(record.value()).ifPresent(this::runs)));
      readers.forEach(Service::start);
    }
  }

  /** Takes an estimate. */
  void estimated(RecallEstimate estimate) {
    Tags tags = Tags.of("organ", estimate.getOrgan(), "scanner", estimate.getScanner());
    if (!groups.containsKey(tags) && groups.size() >= MOST_GROUPS) {
      return;
    }
    NavigableMap<Long, RecallEstimate> versions = groups.computeIfAbsent(tags, this::registered);
    estimate.put("history", List.of());
    versions.put(estimate.getModelVersion(), estimate);
    if (versions.size() > MOST_VERSIONS) {
      versions.pollFirstEntry();
    }
  }

  /** Takes what a worker runs. */
  void runs(WorkerVersion worker) {
    latest.accumulateAndGet(
        worker,
        (before, now) ->
            before == null || !now.getSince().isBefore(before.getSince()) ? now : before);
  }

  @Override
  public void close() {
    readers.forEach(Service::close);
    readers = List.of();
  }

  private NavigableMap<Long, RecallEstimate> registered(Tags tags) {
    NavigableMap<Long, RecallEstimate> versions = new ConcurrentSkipListMap<>();
    gauge(RECALL, tags, versions, e -> orNaN(e.getModelPixels(), RecallFigures::getRecall));
    gauge(RECALL_LOW, tags, versions, e -> orNaN(e.getModelPixels(), RecallFigures::getRecallLow));
    gauge(
        RECALL_HIGH, tags, versions, e -> orNaN(e.getModelPixels(), RecallFigures::getRecallHigh));
    gauge(
        RECALL_REVIEWED, tags, versions, e -> orNaN(e.getSystemPixels(), RecallFigures::getRecall));
    gauge(RECALL_AUDITED, tags, versions, RecallEstimate::getTilesDrawnRead);
    gauge(RECALL_ALARM, tags, versions, e -> e.getAlarmedAt() == null ? 0 : 1);
    gauge(RECALL_VERSION, tags, versions, RecallEstimate::getModelVersion);
    return versions;
  }

  private void gauge(
      String name,
      Tags tags,
      NavigableMap<Long, RecallEstimate> versions,
      ToDoubleFunction<RecallEstimate> value) {
    registry.gauge(
        name, tags, versions, all -> inForce(all).map(value::applyAsDouble).orElse(Double.NaN));
  }

  /** Where no worker says what it runs, the highest version is the likeliest. */
  private Optional<RecallEstimate> inForce(NavigableMap<Long, RecallEstimate> versions) {
    WorkerVersion worker = latest.get();
    return worker == null
        ? Optional.ofNullable(versions.lastEntry()).map(Map.Entry::getValue)
        : Optional.ofNullable(versions.get(worker.getVersion()));
  }

  private static double orNaN(RecallFigures figures, Function<RecallFigures, Double> value) {
    Double known = figures == null ? null : value.apply(figures);
    return known == null ? Double.NaN : known;
  }
}
