package io.histoflow.finetuning;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;
import java.util.Map;

/**
 * What one round works with.
 *
 * @param round the round's number, 1 or more
 * @param parent the weights in force, from which the round starts
 * @param candidateVersion the version that the candidate gets where it is accepted
 * @param fresh corrections that the parent has not learned from, to be trained on
 * @param replay older corrections, trained on again against forgetting
 * @param heldOut corrections that candidates are judged on and never trained on
 * @param known for each partition of the corrections' topic, the offset after the last record read
 */
record RoundPlan(
    long round,
    Checkpoint parent,
    long candidateVersion,
    List<Correction> fresh,
    List<Correction> replay,
    List<Correction> heldOut,
    Map<Integer, Long> known) {

  RoundPlan {
    fresh = List.copyOf(fresh);
    replay = List.copyOf(replay);
    heldOut = List.copyOf(heldOut);
    known = Map.copyOf(known);
  }
}
