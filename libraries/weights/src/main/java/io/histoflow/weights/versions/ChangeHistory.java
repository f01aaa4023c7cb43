package io.histoflow.weights.versions;

import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.weights.WeightsVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people did to the weights in force of one model, as their topic tells it, in its order. */
public final class ChangeHistory {
  private final String modelId;
  private final List<WeightsChange> changes = new ArrayList<>();
  private WeightsChange pin;

  /**
   * Starts an empty history.
   *
   * @param modelId the model; changes of others are passed over
   */
  public ChangeHistory(String modelId) {
    this.modelId = modelId;
  }

  /** Takes the next change in; one that names no version there can be is passed over. */
  public void apply(WeightsChange change) {
    if (!change.getModelId().equals(modelId) || !names(change.getToVersion())) {
      return;
    }
    changes.add(change);
    if (change.getKind() == WeightsChangeKind.PINNED) {
      pin = change;
    } else if (change.getKind() == WeightsChangeKind.UNPINNED) {
      pin = null;
    }
  }

  private static boolean names(long version) {
    return version == 0 || WeightsVerifier.isVersion(version);
  }

  /** Returns every change, oldest first. */
  public List<WeightsChange> changes() {
    return List.copyOf(changes);
  }

  /** Returns the change that pinned a version; empty where none is pinned. */
  public Optional<WeightsChange> pin() {
    return Optional.ofNullable(pin);
  }
}
