package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideBySideTest {

  @Test
  void shouldDivideRoundByRound() {
    // Given: a machine that is half as fast in the second round, for both
    List<Double> ours = List.of(80.0, 41.0, 78.0);
    List<Double> theirs = List.of(100.0, 50.0, 100.0);

    // When
    SideBySide measured = SideBySide.of(ours, theirs, 1);

    // Then: that round tells as much as the others
    assertThat(measured.rounds()).containsExactly(0.78, 0.8, 0.82);
    assertThat(measured.median()).isEqualTo(0.8);
    assertThat(measured.doubt()).isEmpty();
  }

  /** Ranks of the 95 % interval of a median, as tables of the sign test have them. */
  @ParameterizedTest
  @CsvSource({"5, 1, 5", "6, 1, 6", "8, 1, 8", "9, 2, 8", "12, 3, 10", "20, 6, 15", "25, 8, 18"})
  void shouldHoldTheMedianBetweenTheRanksOfTheSignTest(int rounds, int lower, int upper) {
    // Given: a round for each rank
    List<Double> ratios = IntStream.rangeClosed(1, rounds).mapToObj(i -> (double) i).toList();

    // When
    SideBySide measured = new SideBySide(ratios, Double.MAX_VALUE);

    // Then
    assertThat(measured.lower()).isEqualTo(lower);
    assertThat(measured.upper()).isEqualTo(upper);
  }

  @Test
  void shouldGiveNoFigureThatIsNotPossible() {
    // Given: rounds that agree on what cannot be
    SideBySide measured = new SideBySide(List.of(1.50, 1.51, 1.52), 1);

    // When, then
    assertThat(measured.doubt()).hasValue("1.51 was measured, and more than 1.00 is not possible");
  }

  @Test
  void shouldGiveNoFigureWhereRoundsDisagree() {
    // Given
    SideBySide measured = new SideBySide(List.of(0.4, 0.9, 0.8, 0.5, 1.0, 0.7), 1);

    // When, then
    assertThat(measured.doubt()).hasValue("after 6 rounds it may be anything from 0.40 to 1.00");
  }

  @Test
  void shouldSayThatFewRoundsShowNoSpread() {
    // Given
    SideBySide measured = new SideBySide(List.of(0.4, 0.8), 1);

    // When, then
    assertThat(measured.doubt()).isEmpty();
    assertThat(measured.text()).isEqualTo("0.60 (too few rounds to say how sure)");
  }

  @Test
  void shouldHoldTheTrueMedianAsOftenAsItSays() {
    // Given: nine rounds of any continuous scatter; the middle of 2^9 signs, counted out
    int rounds = 9;
    SideBySide ranks =
        new SideBySide(
            DoubleStream.iterate(0, i -> i + 1).limit(rounds).boxed().toList(), Double.MAX_VALUE);

    // When: each round lies below or above the true median with equal chance
    long held =
        IntStream.range(0, 1 << rounds)
            .map(Integer::bitCount)
            .filter(below -> below > ranks.lower() && below <= ranks.upper())
            .count();

    // Then
    assertThat((double) held / (1 << rounds))
        .isGreaterThanOrEqualTo(0.95)
        .isCloseTo(0.96, within(0.01));
  }

  @Test
  void shouldRefuseRoundsOfOneSideOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SideBySide.of(List.of(1.0), Collections.emptyList(), 1));
  }
}
