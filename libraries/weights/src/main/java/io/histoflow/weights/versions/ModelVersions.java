package io.histoflow.weights.versions;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WeightsChange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The versions of one model at a moment.
 *
 * @param modelId the model
 * @param inForce the version that stands last on the topic of weights of those that may come into
 *     force; 0 = as shipped
 * @param archived every accepted version, ascending, without its tensors
 * @param decisions every round of fine-tuning, accepted or refused, oldest first
 * @param changes what people did, oldest first
 * @param pin the change that pinned a version; empty where none is pinned
 * @param refused why weights that stand on the topic of weights came into force nowhere: a sentence
 *     each, oldest first; what the topic's compaction has removed is not among them
 */
public record ModelVersions(
    String modelId,
    long inForce,
    List<DecoderWeights> archived,
    List<DecoderDecision> decisions,
    List<WeightsChange> changes,
    Optional<WeightsChange> pin,
    List<String> refused) {

  /** Copies the lists. */
  public ModelVersions {
    Objects.requireNonNull(modelId, "modelId");
    archived = List.copyOf(archived);
    decisions = List.copyOf(decisions);
    changes = List.copyOf(changes);
    Objects.requireNonNull(pin, "pin");
    refused = List.copyOf(refused);
  }

  /** Returns an archived version; empty where there is none, as for 0. */
  public Optional<DecoderWeights> archived(long version) {
    return archived.stream().filter(weights -> weights.getVersion() == version).findFirst();
  }

  /** Returns the decision that accepted a version. */
  public Optional<DecoderDecision> decisionOf(long version) {
    return decisions.stream()
        .filter(d -> d.getCandidateVersion() != null && d.getCandidateVersion() == version)
        .findFirst();
  }

  /** Tells whether a version is pinned. */
  public boolean isPinned(long version) {
    return pin.isPresent() && pin.get().getToVersion() == version;
  }
}
