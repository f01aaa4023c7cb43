package io.histoflow.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournaledStatesTest {
  private static final String KEY = "kidney";
  private static final String JOURNAL = KEY + JournaledStates.JOURNAL;

  /** States are texts; what is added to them is text, too. */
  private static final JournalFormat<String, String> TEXTS =
      new JournalFormat<>(Serdes.String(), Serdes.String(), () -> "", String::concat);

  private KeyValueStore<String, byte[]> store;

  @BeforeEach
  void openStore() {
    store = JournaledStates.store("texts").withCachingDisabled().withLoggingDisabled().build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
  }

  @Test
  void shouldReadAgainWhateverWasAddedAtAnyTime() {
    // Given: entries of many lengths, so that states are stored anew now and then
    Random random = new Random(3);
    JournaledStates<String, String> states = new JournaledStates<>(store, TEXTS);
    String expected = "";
    for (int i = 0; i < 500; i++) {
      String entry = Integer.toString(i).repeat(random.nextInt(60));

      // When
      expected += entry;
      states.append(KEY, expected, entry);

      // Then
      assertThat(new JournaledStates<>(store, TEXTS).get(KEY)).isEqualTo(expected);
    }
  }

  @Test
  void shouldGoOnWithTheJournalThatItFinds() {
    // Given
    new JournaledStates<>(store, TEXTS).append(KEY, "ab", "ab");

    // When: another instance adds to it
    JournaledStates<String, String> next = new JournaledStates<>(store, TEXTS);
    next.append(KEY, next.get(KEY) + "cd", "cd");

    // Then
    assertThat(new JournaledStates<>(store, TEXTS).get(KEY)).isEqualTo("abcd");
  }

  @Test
  void shouldWriteTheStateOnlyWhereItsJournalHasGrownLong() {
    // Given: a large state
    JournaledStates<String, String> states = new JournaledStates<>(store, TEXTS);
    String large = "x".repeat(100_000);
    states.put(KEY, large);

    // When: less than half of that is added
    String state = large;
    for (int i = 0; i < 49; i++) {
      state += "y".repeat(1_000);
      states.append(KEY, state, "y".repeat(1_000));
    }

    // Then
    assertThat(store.get(KEY)).hasSize(100_000);
    assertThat(store.get(JOURNAL)).hasSize(49 * 1_004);

    // When: more is
    states.append(KEY, state + "z".repeat(1_000), "z".repeat(1_000));

    // Then
    assertThat(store.get(KEY)).hasSize(150_000);
    assertThat(store.get(JOURNAL)).isNull();
    assertThat(new JournaledStates<>(store, TEXTS).get(KEY)).isEqualTo(state + "z".repeat(1_000));
  }

  @Test
  void shouldForgetTheJournalOfAStateThatIsPut() {
    // Given
    JournaledStates<String, String> states = new JournaledStates<>(store, TEXTS);
    states.append(KEY, "ab", "ab");

    // When
    states.put(KEY, "other");

    // Then
    assertThat(new JournaledStates<>(store, TEXTS).get(KEY)).isEqualTo("other");
  }

  @Test
  void shouldNameEachKeyOnce() {
    // Given: one state with a journal only, one with both, one without a journal
    JournaledStates<String, String> states = new JournaledStates<>(store, TEXTS);
    states.append("liver", "a", "a");
    states.put("skin", "b");
    states.append("skin", "bc", "c");
    states.put("", "d");

    // When / Then
    assertThat(new JournaledStates<>(store, TEXTS).keys())
        .containsExactlyInAnyOrder("liver", "skin", "");
    assertThat(states.get("unknown")).isEmpty();
  }

  @Test
  void shouldRefuseAJournalThatEndsWithinAnEntry() {
    // Given
    new JournaledStates<>(store, TEXTS).append(KEY, "abcd", "abcd");
    byte[] journal = store.get(JOURNAL);
    store.put(JOURNAL, Arrays.copyOf(journal, journal.length - 1));

    // When / Then
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> new JournaledStates<>(store, TEXTS).get(KEY))
        .withMessageContaining("texts");
  }
}
