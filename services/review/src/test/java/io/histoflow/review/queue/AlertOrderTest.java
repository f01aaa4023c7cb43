package io.histoflow.review.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertOrderTest {
  private static final Instant EARLY = Instant.ofEpochMilli(1_000);
  private static final Instant LATE = Instant.ofEpochMilli(2_000);

  @Test
  void shouldPutTheMostUncertainFirstThenTheOldestThenTheSmallerId() {
    // Given
    AlertOrder uncertain = new AlertOrder(0.9, LATE, "z");
    AlertOrder old = new AlertOrder(0.5, EARLY, "z");
    AlertOrder small = new AlertOrder(0.5, LATE, "a");
    AlertOrder last = new AlertOrder(0.5, LATE, "b");

    // When, then
    assertThat(Stream.of(last, old, small, uncertain).sorted())
        .containsExactly(uncertain, old, small, last);
  }

  @Test
  void shouldReadItsOwnCursor() {
    // Given
    AlertOrder order = new AlertOrder(-0.25, EARLY, "slide/ü 1");

    // When, then
    assertThat(AlertOrder.ofCursor(order.toCursor())).isEqualTo(order);
  }

  @Test
  void shouldReadItsOwnCursorWhereItGoesSlideBySlide() {
    // Given
    SlideOrder order = new SlideOrder("slide/ü.1", new AlertOrder(0.5, LATE, "slide/ü.1/0"));

    // When, then
    assertThat(SlideOrder.ofCursor(order.toCursor())).isEqualTo(order);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "AAAA", "AAAA.AAAA", "not base64!.f_gAAAAAAAAAAAAAAAAAAAA"})
  void shouldRefuseAnotherCursorWhereItGoesSlideBySlide(String cursor) {
    assertThatThrownBy(() -> SlideOrder.ofCursor(cursor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begin again without it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "not base64!", "f_gAAAAAAAAAAAAAAAAAAA"})
  void shouldRefuseAnotherCursor(String cursor) {
    assertThatThrownBy(() -> AlertOrder.ofCursor(cursor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begin again without it");
  }
}
