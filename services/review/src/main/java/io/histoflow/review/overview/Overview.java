package io.histoflow.review.overview;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WorkerSilence;
import io.histoflow.schemas.WorkerVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The latest slide reports, organ thresholds, fine-tuning rounds and versions in force, the drifts
 * that last, what is missed, and what was held back; bounded. Safe for use by several threads.
 */
public final class Overview {
  /** Most slides of which the report is kept. */
  public static final int MOST_SLIDES = 500;

  private static final long SHIPPED = 0;
  private static final int MOST_MANIFESTS = 5_000;
  private static final int MOST_ORGANS = 1_000;
  private static final int MOST_MODELS = 100;
  private static final int MOST_DRIFTS = 200;
  private static final int MOST_WORKERS = 1_000;
  private static final int MOST_ESTIMATES = 1_000;
  private static final int MOST_RECALL_ALARMS = 200;

  private final Runnable changed;
  private final Map<String, SlideReport> slides = new TreeMap<>();
  private final Map<String, SlideScanned> manifests = new TreeMap<>();
  private final Map<String, OrganThreshold> thresholds = new TreeMap<>();
  private final Map<String, DecoderDecision> lastRounds = new TreeMap<>();
  private final Map<String, Long> inForce = new TreeMap<>();
  private final Map<String, WorkerVersion> workers = new TreeMap<>();
  private final Map<String, DriftAlarm> drifts = new TreeMap<>();
  private final Map<String, RecallEstimate> estimates = new TreeMap<>();
  private final Map<String, RecallAlarm> recallAlarms = new TreeMap<>();
  private final ModelHistory history = new ModelHistory();
  private final Teachers teachers = new Teachers();
  private final People people = new People();
  private final HeldBackCounts heldBack = new HeldBackCounts(MOST_ORGANS);
  private final Clock clock;
  private Optional<Flow> flow = Optional.empty();

  /**
   * Begins empty.
   *
   * @param changed called after every change; must not block
   * @param clock tells what the last day is
   */
  public Overview(Runnable changed, Clock clock) {
    this.changed = changed;
    this.clock = clock;
  }

  /** Takes a slide's newest report, or its removal. */
  public void slide(String slideId, Optional<SlideReport> report) {
    replace(slides, slideId, report, MOST_SLIDES, r -> r.getReportedAt().toEpochMilli());
  }

  /** Takes a slide's manifest, or its removal; which tiles are glass is not kept. */
  public void manifest(String slideId, Optional<SlideScanned> manifest) {
    manifest.ifPresent(slide -> slide.put("glassPlaces", null));
    replace(manifests, slideId, manifest, MOST_MANIFESTS, m -> m.getScannedAt().toEpochMilli());
  }

  /** Returns a slide's manifest, where it is among those kept. */
  public synchronized Optional<SlideScanned> manifest(String slideId) {
    return Optional.ofNullable(manifests.get(slideId));
  }

  /** Takes an organ's newest threshold, or its removal. */
  public void threshold(String organ, Optional<OrganThreshold> threshold) {
    replace(thresholds, organ, threshold, MOST_ORGANS, OrganThreshold::getSampleCount);
  }

  /** Takes the outcome of a round of fine-tuning. */
  public void decision(DecoderDecision decision) {
    synchronized (this) {
      history.add(decision);
    }
    replace(
        lastRounds,
        decision.getModelId(),
        Optional.of(decision),
        MOST_MODELS,
        round -> round.getDecidedAt().toEpochMilli());
  }

  /**
   * Takes what a reviewer did.
   *
   * @param offset where the act lies on its topic
   */
  public synchronized void act(ReviewAct act, long offset) {
    teachers.add(act);
    people.add(act, offset);
  }

  /** Returns how much each person did, by name. */
  public synchronized People.Summary people() {
    return people.summary();
  }

  /**
   * Returns how many verdicts with a mask each person gave after one moment and until another, of
   * the 50,000 latest.
   */
  public synchronized Map<String, Integer> verdictsBetween(Instant after, Instant until) {
    return teachers.between(after, until);
  }

  /** Takes what a person did to the weights in force. */
  public void change(WeightsChange change) {
    synchronized (this) {
      history.add(change);
    }
    changed.run();
  }

  /**
   * Takes the weights of a model that came into force: after a round, a rollback or a change by
   * hand.
   *
   * @param weights the weights, of which only the version is kept; empty for those as shipped
   */
  public void weights(String modelId, Optional<DecoderWeights> weights) {
    Optional<Long> version = Optional.of(weights.map(DecoderWeights::getVersion).orElse(SHIPPED));
    replace(inForce, modelId, version, MOST_MODELS, Long::longValue);
  }

  /** Takes what a worker says that it runs, or that it stopped. */
  public void worker(String workerId, Optional<WorkerVersion> runs) {
    replace(workers, workerId, runs, MOST_WORKERS, w -> w.getReportedAt().toEpochMilli());
  }

  /** Takes an event of drift: an alarm lasts until tiles of its organ and scanner agree again. */
  public void drift(String key, DriftAlarm alarm) {
    Optional<DriftAlarm> lasting =
        alarm.getState() == DriftState.DRIFTED ? Optional.of(alarm) : Optional.empty();
    replace(drifts, key, lasting, MOST_DRIFTS, a -> a.getDetectedAt().toEpochMilli());
  }

  /** Takes what is estimated to be missed of an organ, or its removal; its history is not kept. */
  public void estimate(String key, Optional<RecallEstimate> estimate) {
    estimate.ifPresent(newest -> newest.put("history", List.of()));
    replace(
        estimates, key, estimate, MOST_ESTIMATES, newest -> newest.getUpdatedAt().toEpochMilli());
  }

  /** Takes an alarm that more is missed than promised. */
  public void recallAlarm(String key, RecallAlarm alarm) {
    replace(
        recallAlarms,
        key,
        Optional.of(alarm),
        MOST_RECALL_ALARMS,
        newest -> newest.getDetectedAt().toEpochMilli());
  }

  /** Takes a tile that was held back. */
  public void heldBack(TileHeldBack tile) {
    boolean counts;
    synchronized (this) {
      counts = heldBack.add(tile, clock.instant());
    }
    if (counts) {
      changed.run();
    }
  }

  /** Takes whether tiles come through inference. */
  public void flow(Flow seen) {
    synchronized (this) {
      Optional<Flow> before = flow;
      flow = Optional.of(seen);
      if (before.map(Flow::state).equals(Optional.of(seen.state()))) {
        return;
      }
    }
    changed.run();
  }

  /** Returns whether tiles come through inference; empty until it is known. */
  public synchronized Optional<Flow> flow() {
    return flow;
  }

  /** Returns the drifts that last, the newest first. */
  public synchronized List<DriftAlarm> drifts() {
    return drifts.values().stream()
        .sorted(Comparator.comparing(DriftAlarm::getDetectedAt).reversed())
        .toList();
  }

  /** Returns what is estimated to be missed, by organ, scanner and version. */
  public synchronized List<RecallEstimate> estimates() {
    return estimates.values().stream()
        .sorted(
            Comparator.comparing(RecallEstimate::getOrgan)
                .thenComparing(RecallEstimate::getScanner)
                .thenComparing(RecallEstimate::getModelVersion))
        .toList();
  }

  /** Returns the alarms that more is missed than promised, the newest first. */
  public synchronized List<RecallAlarm> recallAlarms() {
    return recallAlarms.values().stream()
        .sorted(Comparator.comparing(RecallAlarm::getDetectedAt).reversed())
        .toList();
  }

  /**
   * Returns how many tiles were held back in the running hour and the 23 before it, by organ; only
   * organs with any.
   */
  public synchronized Map<String, Integer> heldBackLastDay() {
    return heldBack.lastDay(clock.instant());
  }

  /** Returns the reports, the newest first. */
  public synchronized List<SlideReport> slides() {
    return slides.values().stream()
        .sorted(Comparator.comparing(SlideReport::getReportedAt).reversed())
        .toList();
  }

  /** Returns a slide's newest report, where it is among those kept. */
  public synchronized Optional<SlideReport> slide(String slideId) {
    return Optional.ofNullable(slides.get(slideId));
  }

  /** Returns the rounds and changes of a model, the newest first. */
  public synchronized List<SpecificRecordBase> history(String modelId) {
    return history.of(modelId);
  }

  /** Returns the change that pinned a version of a model; empty where none is pinned. */
  public synchronized Optional<WeightsChange> pin(String modelId) {
    return history.pin(modelId);
  }

  /** Returns the thresholds by organ, in alphabetical order. */
  public synchronized Map<String, OrganThreshold> thresholds() {
    return new TreeMap<>(thresholds);
  }

  /** Returns the models of which anything is known, in alphabetical order. */
  public synchronized List<ModelState> models() {
    Instant now = clock.instant();
    Set<String> ids = new TreeSet<>(lastRounds.keySet());
    ids.addAll(inForce.keySet());
    ids.addAll(history.models());
    workers.values().forEach(worker -> ids.add(worker.getModelId()));
    return ids.stream().limit(MOST_MODELS).map(id -> model(id, now)).toList();
  }

  private ModelState model(String modelId, Instant now) {
    return new ModelState(
        modelId,
        inForce.getOrDefault(modelId, SHIPPED),
        Optional.ofNullable(lastRounds.get(modelId)),
        workers.values().stream()
            .filter(worker -> worker.getModelId().equals(modelId))
            .map(worker -> new WorkerState(worker, WorkerSilence.isSilent(worker, now)))
            .toList());
  }

  private <V> void replace(
      Map<String, V> map, String key, Optional<V> value, int most, ToLongFunction<V> worth) {
    synchronized (this) {
      if (value.isPresent()) {
        put(map, key, value.get(), most, worth);
      } else {
        map.remove(key);
      }
    }
    changed.run();
  }

  /** Where there are too many the one worth least goes. */
  private static <V> void put(
      Map<String, V> map, String key, V value, int most, ToLongFunction<V> worth) {
    map.put(key, value);
    if (map.size() > most) {
      map.entrySet().stream()
          .min(Comparator.comparingLong(entry -> worth.applyAsLong(entry.getValue())))
          .ifPresent(least -> map.remove(least.getKey()));
    }
  }

  /**
   * Where a model stands.
   *
   * @param modelId its id
   * @param version version in force: 0 as shipped
   * @param lastRound the last round of fine-tuning and what the gate said; empty where there was
   *     none
   * @param workers what the inference workers run, by their names
   */
  public record ModelState(
      String modelId,
      long version,
      Optional<DecoderDecision> lastRound,
      List<WorkerState> workers) {}

  /**
   * What a worker runs.
   *
   * @param report what it said last
   * @param isSilent whether it has not said so for too long
   */
  public record WorkerState(WorkerVersion report, boolean isSilent) {}
}
