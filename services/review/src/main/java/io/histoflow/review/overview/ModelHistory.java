package io.histoflow.review.overview;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The rounds of fine-tuning of all models and what people did to their weights, the latest of both;
 * bounded. Not safe for use by several threads.
 */
final class ModelHistory {
  private static final int MOST = 500;
  private static final int MOST_MODELS = 100;

  private final Deque<DecoderDecision> rounds = new ArrayDeque<>();
  private final Deque<WeightsChange> changes = new ArrayDeque<>();
  private final Map<String, Optional<WeightsChange>> pins = new HashMap<>();

  void add(DecoderDecision round) {
    // Followed anew, the topic is read once more.
    if (!rounds.contains(round)) {
      rounds.addLast(round);
      if (rounds.size() > MOST) {
        rounds.removeFirst();
      }
    }
  }

  void add(WeightsChange change) {
    if (changes.contains(change)) {
      return;
    }
    changes.addLast(change);
    if (changes.size() > MOST) {
      changes.removeFirst();
    }
    if (pins.size() < MOST_MODELS || pins.containsKey(change.getModelId())) {
      if (change.getKind() == WeightsChangeKind.PINNED) {
        pins.put(change.getModelId(), Optional.of(change));
      } else if (change.getKind() == WeightsChangeKind.UNPINNED) {
        pins.put(change.getModelId(), Optional.empty());
      }
    }
  }

  /** Returns the models that people have pinned or unpinned. */
  Set<String> models() {
    return pins.keySet();
  }

  Optional<WeightsChange> pin(String modelId) {
    return pins.getOrDefault(modelId, Optional.empty());
  }

  /** Returns the rounds and changes of a model, the newest first. */
  List<SpecificRecordBase> of(String modelId) {
    List<SpecificRecordBase> events = new ArrayList<>();
    rounds.stream().filter(round -> round.getModelId().equals(modelId)).forEach(events::add);
    changes.stream().filter(change -> change.getModelId().equals(modelId)).forEach(events::add);
    events.sort(Comparator.comparing(ModelHistory::at).reversed());
    return events;
  }

  private static Instant at(SpecificRecordBase event) {
    return event instanceof DecoderDecision round
        ? round.getDecidedAt()
        : ((WeightsChange) event).getChangedAt();
  }
}
