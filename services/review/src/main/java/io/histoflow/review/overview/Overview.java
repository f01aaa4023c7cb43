package io.histoflow.review.overview;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SlideReport;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The latest slide reports, organ thresholds and fine-tuning rounds, bounded. Safe for use by
 * several threads.
 */
public final class Overview {
  private static final int MOST_SLIDES = 2_000;
  private static final int MOST_ORGANS = 1_000;
  private static final int MOST_MODELS = 100;

  private final Runnable changed;
  private final Map<String, SlideReport> slides = new TreeMap<>();
  private final Map<String, OrganThreshold> thresholds = new TreeMap<>();
  private final Map<String, ModelState> models = new TreeMap<>();

  /**
   * Begins empty.
   *
   * @param changed called after every change; must not block
   */
  public Overview(Runnable changed) {
    this.changed = changed;
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
