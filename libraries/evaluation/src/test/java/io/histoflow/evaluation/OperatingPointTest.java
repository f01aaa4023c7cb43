package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatingPointTest {

  /** Recall 1/4, 2/4, 3/4 and 1 below 0.9, 0.7, 0.5 and 0.2. */
  private final PrecisionRecallCurve four =
      PrecisionRecallCurve.of(
          new float[] {0.9f, 0.7f, 0.7f, 0.5f, 0.2f, 0.2f, 0.2f, 0.2f},
          Mask.of(8, 1, new byte[] {1, 1, 0, 1, 1, 0, 0, 0}));

  /** Recall 1/2 and 1 below 0.6 and 0.375. */
  private final PrecisionRecallCurve two =
      PrecisionRecallCurve.of(new float[] {0.6f, 0.375f}, Mask.of(2, 1, new byte[] {1, 1}));

  @Test
  void shouldFindTheHighestThresholdThatStillReachesTheRecall() {
    // When
    OperatingPoint point = OperatingPoint.atRecall(List.of(four, two), 0.8).orElseThrow();

    // Then: just below 0.375 one image has recall 3/4, a false alarm and Dice 6/8, the other all.
    assertThat(point.threshold()).isEqualTo(0.374);
    assertThat(point.recall()).isCloseTo(0.875, within(1e-12));
    assertThat(point.dice()).isCloseTo(0.875, within(1e-12));
  }

  @Test
  void shouldFindTheSameAsTryingEveryThreshold() {
    for (int percent = 0; percent <= 100; percent++) {
      double wanted = percent / 100.0;
      double highest = Double.NaN;
      for (int step = 1; step < 1000; step++) {
        double threshold = step / 1000.0;
        if (OperatingPoint.of(List.of(four, two), threshold).recall() >= wanted) {
          highest = threshold;
        }
      }
      assertThat(OperatingPoint.atRecall(List.of(four, two), wanted).orElseThrow().threshold())
          .isEqualTo(highest);
    }
  }

  @Test
  void shouldFindNothingWhereAPositivePixelIsNeverFound() {
    PrecisionRecallCurve blind =
        PrecisionRecallCurve.of(new float[] {0, 0.9f}, Mask.of(2, 1, new byte[] {1, 1}));

    assertThat(OperatingPoint.atRecall(List.of(blind), 0.51)).isEmpty();
    assertThat(OperatingPoint.atRecall(List.of(blind), 0.5)).isPresent();
  }
}
