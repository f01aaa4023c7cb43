package io.histoflow.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReaderComparisonTest {
  @Test
  void shouldCountWhatReadersSayOfEachPixelAndWhatTheNetworkFoundByEach() {
    ReaderComparison readers =
        ReaderComparison.of(mask(1, 1, 0, 0, 0, 1), mask(1, 1, 1, 0, 0, 0), mask(1, 0, 0, 1, 0, 0));

    assertThat(readers)
        .isEqualTo(new ReaderComparison(1, 1, 2, 1, 2, new Counts(2, 1, 1), new Counts(1, 1, 2)));
    // The textbook's: they agree in 3 of 6, and by chance in 3/6 x 2/6 + 3/6 x 4/6
    assertThat(readers.kappa()).isCloseTo((0.5 - 0.5) / 0.5, within(1e-12));
  }

  @Test
  void shouldHaveTheKappaOfTheFourFoldTableInWholeNumbers() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      long a = random.nextInt(1_000);
      long b = random.nextInt(1_000);
      long c = random.nextInt(1_000);
      long d = 1L + random.nextInt(1_000);
      // Fleiss, Levin and Paik 2003, 18.1: 2 (ad - bc) / (p1 q2 + p2 q1), with margins as counts
      double expected = 2.0 * (a * d - b * c) / ((a + b) * (b + d) + (a + c) * (c + d));

      double kappa = new ReaderComparison(1, a, b, c, d, Counts.NONE, Counts.NONE).kappa();

      assertThat(kappa).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void shouldBeOneForTheSameMasksAndHaveNoKappaWhereNothingCanDiffer() {
    Mask some = mask(1, 0, 0, 1, 0, 0);
    Mask none = mask(0, 0, 0, 0, 0, 0);

    assertThat(ReaderComparison.of(none, some, some).kappa()).isEqualTo(1);
    assertThat(ReaderComparison.of(some, none, none).kappa()).isNaN();
    assertThat(ReaderComparison.NONE.kappa()).isNaN();
  }

  @Test
  void shouldTakeBackExactlyWhatWasAdded() {
    ReaderComparison one =
        ReaderComparison.of(mask(1, 0, 1, 0, 0, 0), mask(1, 1, 0, 0, 0, 0), mask(0, 1, 1, 0, 0, 0));
    ReaderComparison other =
        ReaderComparison.of(mask(0, 0, 0, 0, 0, 0), mask(0, 0, 0, 0, 1, 1), mask(0, 0, 0, 0, 0, 1));

    assertThat(one.plus(other).minus(one)).isEqualTo(other);
    assertThat(one.plus(other).tiles()).isEqualTo(2);
  }

  @Test
  void shouldRefuseMasksOfOtherSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReaderComparison.of(mask(1), mask(1), Mask.of(1, 2, new byte[] {1, 0})));
  }

  private static Mask mask(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Mask.of(bytes.length, 1, bytes);
  }
}
