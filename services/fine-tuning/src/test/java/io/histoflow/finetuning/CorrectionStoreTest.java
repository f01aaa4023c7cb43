package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorrectionStoreTest {
  private static final long OWN = Corrections.of("a", 0, 0).footprint();

  @Test
  void shouldKeepTheLatestVerdictOfATile() {
    // Given
    CorrectionStore store = new CorrectionStore(10_000);
    // When
    store.put(Corrections.of("a", 0, 0));
    store.put(Corrections.of("b", 0, 1));
    store.put(Corrections.of("a", 0, 2));
    // Then
    assertThat(store.all())
        .extracting(Correction::tileId, Correction::offset)
        .containsExactly(tuple("b", 1L), tuple("a", 2L));
    assertThat(store.bytes()).isEqualTo(2 * OWN);
  }

  @Test
  void shouldForgetATileThatIsNotToBeLearnedFrom() {
    // Given
    CorrectionStore store = new CorrectionStore(10_000);
    store.put(Corrections.of("a", 0, 0));
    // When
    store.remove("a");
    store.remove("never seen");
    // Then
    assertThat(store.all()).isEmpty();
    assertThat(store.bytes()).isZero();
  }

  @Test
  void shouldForgetTheOldestVerdictsBeyondItsLimit() {
    // Given
    CorrectionStore store = new CorrectionStore(2 * OWN + 1);
    store.put(Corrections.of("a", 0, 0));
    store.put(Corrections.of("b", 0, 1));
    // When
    List<Correction> forgotten = store.put(Corrections.of("c", 0, 2));
    // Then
    assertThat(forgotten).extracting(Correction::tileId).containsExactly("a");
    assertThat(store.all()).extracting(Correction::tileId).containsExactly("b", "c");
    assertThat(store.bytes()).isEqualTo(2 * OWN);
  }

  @Test
  void shouldRememberHowFarEachPartitionWasRead() {
    // Given
    CorrectionStore store = new CorrectionStore(2 * OWN + 1);
    // When
    store.readUpTo(0, 3);
    store.readUpTo(1, 9);
    store.readUpTo(0, 2);
    // Then
    assertThat(store.nextOffsets()).isEqualTo(Map.of(0, 3L, 1, 9L));
  }
}
