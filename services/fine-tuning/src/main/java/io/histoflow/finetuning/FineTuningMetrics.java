package io.histoflow.finetuning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What the fine-tuning service counts and times. Prometheus adds units and {@code _total}. */
final class FineTuningMetrics {
  /** Corrections that can be learned from, one for each tile. */
  static final String CORRECTIONS = "histoflow_fine_tuning_corrections";

  /** Corrections that no round has known. */
  static final String CORRECTIONS_WAITING = "histoflow_fine_tuning_corrections_waiting";

  /** Corrections that went to the dead-letter topic. */
  static final String CORRECTIONS_REJECTED = "histoflow_fine_tuning_corrections_rejected";

  /** Rounds, with the tag {@code outcome}: accepted or refused. */
  static final String ROUNDS = "histoflow_fine_tuning_rounds";

  /**
   * Measurements of the mask thresholds on audited tiles, with the tag {@code outcome}: accepted or
   * refused.
   */
  static final String RECALIBRATIONS = "histoflow_fine_tuning_recalibrations";

  /** How long rounds take. */
  static final String ROUND = "histoflow_fine_tuning_round";

  /** How far the step at hand of a running round is, 0..1; 0 between rounds. */
  static final String ROUND_PROGRESS = "histoflow_fine_tuning_round_progress";

  /** Steps of work that rounds have done: it grows for as long as a round moves. */
  static final String ROUND_STEPS = "histoflow_fine_tuning_round_steps";

  /** Version of the weights in force; 0 as shipped. */
  static final String MODEL_VERSION = "histoflow_fine_tuning_model_version";

  /** 1 where a version is pinned, else 0. */
  static final String PINNED = "histoflow_fine_tuning_pinned";

  /** Tiles that two reviewers or more have judged. */
  static final String TILES_JUDGED_BY_SEVERAL = "histoflow_fine_tuning_tiles_judged_by_several";

  /** Those of them on which reviewers disagree. */
  static final String TILES_DISAGREED_ON = "histoflow_fine_tuning_tiles_disagreed_on";

  private final AtomicLong corrections = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong modelVersion = new AtomicLong();
  private final AtomicLong pinned = new AtomicLong();
  private final AtomicLong judgedBySeveral = new AtomicLong();
  private final AtomicLong disagreedOn = new AtomicLong();
  private final AtomicReference<Double> progress = new AtomicReference<>(0.0);
  private final Counter rejected;
  private final Counter accepted;
  private final Counter refused;
  private final Counter recalibrated;
  private final Counter notRecalibrated;
  private final Counter steps;
  private final Timer round;

  FineTuningMetrics(MeterRegistry registry) {
    registry.gauge(CORRECTIONS, corrections);
    registry.gauge(CORRECTIONS_WAITING, waiting);
    registry.gauge(MODEL_VERSION, modelVersion);
    registry.gauge(PINNED, pinned);
    registry.gauge(TILES_JUDGED_BY_SEVERAL, judgedBySeveral);
    registry.gauge(TILES_DISAGREED_ON, disagreedOn);
    registry.gauge(ROUND_PROGRESS, progress, AtomicReference::get);
    this.rejected = registry.counter(CORRECTIONS_REJECTED);
    this.accepted = registry.counter(ROUNDS, "outcome", "accepted");
    this.refused = registry.counter(ROUNDS, "outcome", "refused");
    this.recalibrated = registry.counter(RECALIBRATIONS, "outcome", "accepted");
    this.notRecalibrated = registry.counter(RECALIBRATIONS, "outcome", "refused");
    this.steps = registry.counter(ROUND_STEPS);
    this.round = registry.timer(ROUND);
  }

  void knows(int usable, int notYetKnown) {
    corrections.set(usable);
    waiting.set(notYetKnown);
  }

  void rejected() {
    rejected.increment();
  }

  void inForce(long version, boolean isPinned) {
    modelVersion.set(version);
    pinned.set(isPinned ? 1 : 0);
  }

  void agree(int tilesJudgedBySeveral, int tilesDisagreedOn) {
    judgedBySeveral.set(tilesJudgedBySeveral);
    disagreedOn.set(tilesDisagreedOn);
  }

  void recalibrated(boolean wasAccepted) {
    (wasAccepted ? recalibrated : notRecalibrated).increment();
    progress.set(0.0);
  }

  void roundIsAt(long done, long total) {
    steps.increment();
    progress.set(total > 0 ? (double) done / total : 0.0);
  }

  void roundEnded(boolean wasAccepted, Duration time) {
    (wasAccepted ? accepted : refused).increment();
    round.record(time);
    progress.set(0.0);
  }
}
