package io.histoflow.review.tile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetCacheTest {
  private final ByteBudgetCache<String> cache = new ByteBudgetCache<>(100);

  @Test
  void shouldDropWhatWasUsedLongestAgo() {
    // Given
    cache.put("a", new byte[40]);
    cache.put("b", new byte[40]);
    assertThat(cache.get("a")).isPresent();

    // When
    cache.put("c", new byte[40]);

    // Then
    assertThat(cache.get("b")).isEmpty();
    assertThat(cache.get("a")).isPresent();
    assertThat(cache.get("c")).isPresent();
    assertThat(cache.heldBytes()).isEqualTo(80);
  }

  @Test
  void shouldNotKeepWhatIsLargerThanTheBudget() {
    // Given
    cache.put("a", new byte[40]);

    // When
    cache.put("huge", new byte[101]);

    // Then
    assertThat(cache.get("huge")).isEmpty();
    assertThat(cache.get("a")).isPresent();
  }

  @Test
  void shouldCountAReplacedArrayOnce() {
    // When
    cache.put("a", new byte[40]);
    cache.put("a", new byte[60]);

    // Then
    assertThat(cache.heldBytes()).isEqualTo(60);
  }
}
