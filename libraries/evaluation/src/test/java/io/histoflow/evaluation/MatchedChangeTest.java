package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MatchedChangeTest {

  private static final Mask TRUTH = Mask.of(4, 1, new byte[] {1, 1, 0, 0});

  /** Finds one of two at 0.5 and nothing else: precision 1, recall 0.5. */
  private static final PrecisionRecallCurve HALF = curve(.9f, .2f, .3f, .1f);

  /** Finds both before anything wrong. */
  private static final PrecisionRecallCurve ALL = curve(.9f, .8f, .3f, .1f);

  @Test
  void shouldHaveNoSpreadWhereAllTilesAgree() {
    MatchedChange change =
        MatchedChange.of(Collections.nCopies(5, HALF), 0.5, Collections.nCopies(5, ALL), 1);

    assertThat(change.change()).isEqualTo(0.5);
    assertThat(change.low()).isEqualTo(0.5);
    assertThat(change.high()).isEqualTo(0.5);
  }

  @Test
  void shouldSpreadAsDrawingTilesDoes() {
    // Given ten tiles, on three of which recall rises from 1/2 to 1: the change of a draw is half
    // the share of those three among ten draws.
    List<PrecisionRecallCurve> before = Collections.nCopies(10, HALF);
    List<PrecisionRecallCurve> after =
        Stream.concat(
                Collections.nCopies(3, ALL).stream(), IntStream.range(0, 7).mapToObj(i -> HALF))
            .toList();

    MatchedChange change = MatchedChange.of(before, 0.5, after, 1);

    // Then: binomial of 10 and 0.3 has its 2.5 % point at 0 or 1 and its 97.5 % point at 6.
    assertThat(change.change()).isCloseTo(0.15, within(1e-9));
    assertThat(change.low()).isBetween(0.0, 0.05);
    assertThat(change.high()).isCloseTo(0.3, within(0.051));
  }

  @Test
  void shouldSayNothingWhereNothingIsPositive() {
    PrecisionRecallCurve empty = PrecisionRecallCurve.of(new float[4], Mask.of(4, 1, new byte[4]));

    MatchedChange change = MatchedChange.of(List.of(empty), 0.5, List.of(empty), 1);

    assertThat(change.change()).isNaN();
    assertThat(change.low()).isNaN();
  }

  @Test
  void shouldRefuseModelsOnDifferentTiles() {
    assertThatThrownBy(() -> MatchedChange.of(List.of(HALF, HALF), 0.5, List.of(ALL), 1))
        .hasMessageContaining("on 2 and 1");
  }

  private static PrecisionRecallCurve curve(float... probabilities) {
    return PrecisionRecallCurve.of(probabilities, TRUTH);
  }
}
