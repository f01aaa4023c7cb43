package io.histoflow.weights.versions;

import static io.histoflow.schemas.WeightsChangeKind.PINNED;
import static io.histoflow.schemas.WeightsChangeKind.ROLLED_BACK;
import static io.histoflow.schemas.WeightsChangeKind.UNPINNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChangeHistoryTest {
  private final ChangeHistory history = new ChangeHistory("net");

  @Test
  void shouldHoldTheLastPinUntilItIsTakenAway() {
    // When
    history.apply(change("net", PINNED, 2));
    history.apply(change("net", PINNED, 3));
    history.apply(change("net", ROLLED_BACK, 3));
    // Then
    assertThat(history.pin()).get().extracting(WeightsChange::getToVersion).isEqualTo(3L);
    // When
    history.apply(change("net", UNPINNED, 3));
    // Then
    assertThat(history.pin()).isEmpty();
    assertThat(history.changes()).hasSize(4);
  }

  @Test
  void shouldPassOverTheChangesOfOtherModels() {
    // When
    history.apply(change("other", PINNED, 2));
    // Then
    assertThat(history.pin()).isEmpty();
    assertThat(history.changes()).isEmpty();
  }

  private static WeightsChange change(String modelId, WeightsChangeKind kind, long version) {
    return WeightsChange.newBuilder()
        .setModelId(modelId)
        .setKind(kind)
        .setFromVersion(1)
        .setToVersion(version)
        .setBy("anna")
        .setReason(null)
        .setChangedAt(Instant.EPOCH)
        .build();
  }
}
