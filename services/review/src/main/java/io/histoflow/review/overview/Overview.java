package io.histoflow.review.overview;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileHeldBack;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The latest slide reports, organ thresholds and fine-tuning rounds, the drifts that last, and what
 * was held back; bounded. Safe for use by several threads.
 */
public final class Overview {
  private static final int MOST_SLIDES = 2_000;
  private static final int MOST_ORGANS = 1_000;
  private static final int MOST_MODELS = 100;
  private static final int MOST_DRIFTS = 200;

  private final Runnable changed;
  private final Map<String, SlideReport> slides = new TreeMap<>();
  private final Map<String, OrganThreshold> thresholds = new TreeMap<>();
  private final Map<String, ModelState> models = new TreeMap<>();
  private final Map<String, DriftAlarm> drifts = new TreeMap<>();
  private final HeldBackCounts heldBack = new HeldBackCounts(MOST_ORGANS);
  private final Clock clock;

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

  /** Takes an organ's newest threshold, or its removal. */
  public void threshold(String organ, Optional<OrganThreshold> threshold) {
    replace(thresholds, organ, threshold, MOST_ORGANS, OrganThreshold::getSampleCount);
  }

  /** Takes the outcome of a round of fine-tuning. */
  public void decision(DecoderDecision decision) {
    synchronized (this) {
      long before =
          Optional.ofNullable(models.get(decision.getModelId()))
              .map(ModelState::version)
              .orElse(decision.getParentVersion());
      Long candidate = decision.getCandidateVersion();
      long version = decision.getAccepted() && candidate != null ? candidate : before;
      put(
          models,
          decision.getModelId(),
          new ModelState(version, decision),
          MOST_MODELS,
          model -> model.lastRound().getDecidedAt().toEpochMilli());
    }
    changed.run();
  }

  /** Takes an event of drift: an alarm lasts until tiles of its organ and scanner agree again. */
  public void drift(String key, DriftAlarm alarm) {
    Optional<DriftAlarm> lasting =
        alarm.getState() == DriftState.DRIFTED ? Optional.of(alarm) : Optional.empty();
    replace(drifts, key, lasting, MOST_DRIFTS, a -> a.getDetectedAt().toEpochMilli());
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

  /** Returns the drifts that last, the newest first. */
  public synchronized List<DriftAlarm> drifts() {
    return drifts.values().stream()
        .sorted(Comparator.comparing(DriftAlarm::getDetectedAt).reversed())
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

  /** Returns the thresholds by organ, in alphabetical order. */
  public synchronized Map<String, OrganThreshold> thresholds() {
    return new TreeMap<>(thresholds);
  }

  /** Returns the models by id, in alphabetical order. */
  public synchronized Collection<ModelState> models() {
    return List.copyOf(models.values());
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
   * Where fine-tuning of a model stands.
   *
   * @param version version in use: 0 as shipped
   * @param lastRound the last round and what the gate said
   */
  public record ModelState(long version, DecoderDecision lastRound) {}
}
