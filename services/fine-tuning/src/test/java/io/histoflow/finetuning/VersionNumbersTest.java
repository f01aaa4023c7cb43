package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionNumbersTest {
  private final VersionNumbers numbers = new VersionNumbers();

  @Test
  void shouldCountOnFromTheHighestThatWasUsed() {
    assertThat(numbers.next()).isEqualTo(1);
    // When
    numbers.use(7);
    numbers.use(3);
    // Then
    assertThat(numbers.next()).isEqualTo(8);
  }

  @Test
  void shouldNotCountOnFromANumberThatNobodyCountedTo() {
    // Given
    numbers.use(2);
    // When
    for (long far :
        new long[] {Long.MIN_VALUE, 0, 5_000, 999_999_999_999_999_999L, Long.MAX_VALUE}) {
      numbers.use(far);
    }
    // Then
    assertThat(numbers.next()).isEqualTo(3);
  }

  @Test
  void shouldGiveOutNoNumberThatSomebodyUsedAheadOfTime() {
    // Given
    numbers.use(1_003);
    assertThat(numbers.next()).isEqualTo(1);
    // When
    numbers.use(5);
    // Then
    for (long version = 6; version < 1_003; version++) {
      assertThat(numbers.next()).isEqualTo(version);
      numbers.use(version);
    }
    assertThat(numbers.next()).isEqualTo(1_004);
  }
}
