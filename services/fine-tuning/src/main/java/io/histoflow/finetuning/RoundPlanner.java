package io.histoflow.finetuning;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToLongFunction;

/**
 * Says when a round is due and which corrections go where. Corrections that a refused round knew
 * are still new to the weights in force, and are trained on again with those that came after.
 */
final class RoundPlanner {
  private final RoundTrigger trigger;
  private final HeldOut heldOut;
  private final int maxExamples;
  private final long maxBytes;

  /**
   * @param maxExamples most corrections of each kind (fresh, replay, held out) in one round
   * @param maxBytes most bytes of those of each kind in memory; one is taken in any case
   */
  RoundPlanner(RoundTrigger trigger, HeldOut heldOut, int maxExamples, long maxBytes) {
    this.trigger = trigger;
    this.heldOut = heldOut;
    this.maxExamples = maxExamples;
    this.maxBytes = maxBytes;
  }

  /**
   * Plans the next round.
   *
   * @param parent the weights in force
   * @param candidateVersion the version that accepted weights would get
   * @return the plan; empty where no round is due
   */
  Optional<RoundPlan> next(
      CorrectionStore store,
      RoundHistory history,
      Checkpoint parent,
      long candidateVersion,
      Instant now) {
    if (!trigger.isDue(store.count(correction -> !history.isKnown(correction)), now)) {
      return Optional.empty();
    }
    long round = history.lastRound() + 1;
    List<Correction> training = store.where(c -> !heldOut.contains(c.tileId()));
    return Optional.of(
        new RoundPlan(
            round,
            parent,
            candidateVersion,
            newest(
                training.stream().filter(c -> !history.isKnownTo(parent.version(), c)).toList(),
                Correction::trainedBytes),
            drawn(
                training.stream().filter(c -> history.isKnownTo(parent.version(), c)).toList(),
                round),
            // Those for whose pixels memory is too small are decoded when they are measured on.
            newest(store.where(c -> heldOut.contains(c.tileId())), Correction::encodedBytes),
            store.nextOffsets()));
  }

  private List<Correction> newest(List<Correction> oldestFirst, ToLongFunction<Correction> bytes) {
    List<Correction> newestFirst = new ArrayList<>(oldestFirst);
    Collections.reverse(newestFirst);
    return sorted(fitting(stratified(newestFirst), bytes));
  }

  /** Replay is drawn from all that was learned, not from its end: what is old fades first. */
  private List<Correction> drawn(List<Correction> all, long seed) {
    List<Correction> shuffled = new ArrayList<>(sorted(all));
    Collections.shuffle(shuffled, new Random(seed));
    return sorted(fitting(stratified(shuffled), Correction::trainedBytes));
  }

  /** Leaves out what would not fit into memory beside those before it. */
  private List<Correction> fitting(List<Correction> inOrder, ToLongFunction<Correction> bytes) {
    List<Correction> fitting = new ArrayList<>();
    long sum = 0;
    for (Correction correction : inOrder) {
      long own = bytes.applyAsLong(correction);
      if (fitting.isEmpty() || sum + own <= maxBytes) {
        fitting.add(correction);
        sum += own;
      }
    }
    return fitting;
  }

  /**
   * Takes the first of every organ, then the second of every organ, and so on: an organ that is
   * corrected often must not push out one that is corrected seldom.
   */
  private List<Correction> stratified(List<Correction> inOrder) {
    Map<String, Integer> places = new HashMap<>();
    Map<Correction, Integer> rounds = new HashMap<>();
    inOrder.forEach(c -> rounds.put(c, places.merge(c.organ(), 1, Integer::sum)));
    return inOrder.stream().sorted(Comparator.comparing(rounds::get)).limit(maxExamples).toList();
  }

  /** Partitions arrive in any order; what a round learns depends on its corrections alone. */
  private static List<Correction> sorted(List<Correction> corrections) {
    return corrections.stream().sorted(Comparator.comparing(Correction::tileId)).toList();
  }
}
