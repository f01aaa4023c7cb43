package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutTest {

  @Test
  void shouldHoldOutTheConfiguredShareOfTiles() {
    // Given
    HeldOut heldOut = new HeldOut(0.25);
    // When
    long count = IntStream.range(0, 10_000).filter(i -> heldOut.contains("tile-" + i)).count();
    // Then: within five standard deviations of a binomial draw
    assertThat(count / 10_000.0).isCloseTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / 10_000)));
  }

  @Test
  void shouldDecideByTheFirst53BitsOfTheSha256OfTheTileId() {
    // Given SHA-256("abc") = ba7816bf8f01cfea... (FIPS 180-2, example B.1): 0xba7816bf / 2^32
    double position = 0xba7816bfL / (double) (1L << 32);
    // Then
    assertThat(new HeldOut(position - 1e-6).contains("abc")).isFalse();
    assertThat(new HeldOut(position + 1e-6).contains("abc")).isTrue();
  }

  @Test
  void shouldKeepATileHeldOutWhenTheShareGrows() {
    IntStream.range(0, 1_000)
        .mapToObj(i -> "tile-" + i)
        .filter(new HeldOut(0.1)::contains)
        .forEach(tile -> assertThat(new HeldOut(0.3).contains(tile)).isTrue());
  }

  @Test
  void shouldHoldOutNothingOrEverythingAtTheEnds() {
    assertThat(new HeldOut(0).contains("abc")).isFalse();
    assertThat(new HeldOut(1).contains("abc")).isTrue();
  }

  @Test
  void shouldRefuseAShareOutsideZeroToOne() {
    assertThatThrownBy(() -> new HeldOut(1.5)).hasMessageContaining("0..1");
    assertThatThrownBy(() -> new HeldOut(Double.NaN)).hasMessageContaining("0..1");
  }
}
