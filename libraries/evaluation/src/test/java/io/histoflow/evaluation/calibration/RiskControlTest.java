package io.histoflow.evaluation.calibration;

import static io.histoflow.evaluation.calibration.TestUnits.copies;
import static io.histoflow.evaluation.calibration.TestUnits.negatives;
import static io.histoflow.evaluation.calibration.TestUnits.positives;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.thresholds.RiskControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RiskControlTest {

  private static final RiskControl TEN_PERCENT = new RiskControl(0.10);

  @ParameterizedTest
  @CsvSource({"0.10, 9", "0.05, 19", "0.01, 99", "0.5, 1", "0.9, 1", "0.07, 14", "0.3, 3"})
  void shouldNeedAsManyUnitsAsOneMoreCannotOutweigh(double level, int fewest) {
    // Given
    RiskControl control = new RiskControl(level);
    PrecisionRecallCurve found = positives(0.875);

    // When, Then: even if nothing is missed, 1 / (n + 1) must not exceed the level
    assertThat(control.fewestUnits()).isEqualTo(fewest);
    assertThat(ControlledThreshold.threshold(control, Collections.nCopies(fewest, found)))
        .hasValue(0.874);
    assertThat(ControlledThreshold.threshold(control, Collections.nCopies(fewest - 1, found)))
        .isEmpty();
  }

  @Test
  void shouldNeedOneUnitLessThanTheInverseOfTheLevelHoweverItIsRounded() {
    for (int n = 2; n <= 1000; n++) {
      assertThat(new RiskControl(1.0 / n).fewestUnits()).isEqualTo(n - 1);
    }
  }

  @Test
  void shouldMissNothingOnTheFewestUnits() {
    // Given 9 units: 9/10 * FNR + 1/10 <= 1/10 allows no miss; one pixel lies at 0.125
    List<PrecisionRecallCurve> units = new ArrayList<>();
    units.addAll(Collections.nCopies(8, positives(0.75, 0.875)));
    units.add(positives(0.125, 0.875));

    // When, Then: a pixel at 0.125 is positive at 0.124 and not at 0.125
    assertThat(ControlledThreshold.threshold(TEN_PERCENT, units)).hasValue(0.124);
  }

  @Test
  void shouldAllowOneImageOfNineteenToBeMissed() {
    // Given 19 units: the rates may add up to 20 * 0.1 - 1 = 1
    List<PrecisionRecallCurve> oneWeak = new ArrayList<>(Collections.nCopies(18, positives(0.75)));
    oneWeak.add(positives(0.25));
    List<PrecisionRecallCurve> twoWeak = new ArrayList<>(Collections.nCopies(17, positives(0.75)));
    twoWeak.addAll(Collections.nCopies(2, positives(0.25)));

    // When, Then
    assertThat(ControlledThreshold.threshold(TEN_PERCENT, oneWeak)).hasValue(0.749);
    assertThat(ControlledThreshold.threshold(TEN_PERCENT, twoWeak)).hasValue(0.249);
  }

  @Test
  void shouldAddUpPartsOfImagesThatAreMissed() {
    // Given 4 units at level 0.3: the rates may add up to 5 * 0.3 - 1 = 0.5
    RiskControl control = new RiskControl(0.3);
    PrecisionRecallCurve steps = positives(0.125, 0.375, 0.625, 0.875);
    PrecisionRecallCurve found = positives(0.875, 0.875);

    // When, Then: below 0.375 each image of steps misses a quarter, below 0.625 a half
    assertThat(ControlledThreshold.threshold(control, List.of(steps, steps, found, found)))
        .hasValue(0.374);
    assertThat(ControlledThreshold.threshold(control, List.of(steps, found, found, found)))
        .hasValue(0.624);
    assertThat(ControlledThreshold.threshold(control, List.of(steps, steps, steps, steps)))
        .hasValue(0.124);
  }

  @Test
  void shouldFindTheLargestThresholdThatASearchOfAllOfThemFinds() {
    SplittableRandom random = new SplittableRandom(3);
    for (int repetition = 0; repetition < 20; repetition++) {
      // Given images of few pixels, whose rates rise in coarse steps
      int n = 5 + random.nextInt(30);
      RiskControl control = new RiskControl(0.05 + 0.4 * random.nextDouble());
      List<PrecisionRecallCurve> units =
          Stream.generate(() -> positives(random.doubles(1 + random.nextInt(6)).toArray()))
              .limit(n)
              .toList();

      // When
      OptionalDouble found = ControlledThreshold.threshold(control, units);

      // Then
      OptionalDouble searched = OptionalDouble.empty();
      for (int step = 0; step <= 1000; step++) {
        double sum = 0;
        for (PrecisionRecallCurve unit : units) {
          sum += unit.at(step / 1000.0).falseNegativeRate();
        }
        if (sum / (n + 1) + 1.0 / (n + 1) <= control.level()) {
          searched = OptionalDouble.of(step / 1000.0);
        }
      }
      assertThat(found).isEqualTo(searched);
    }
  }

  @Test
  void shouldGiveNoThresholdWherePixelsHaveProbabilityZero() {
    // Given pixels that no threshold can find
    List<PrecisionRecallCurve> units = Collections.nCopies(20, positives(0, 0.875));

    // When, Then
    assertThat(ControlledThreshold.threshold(TEN_PERCENT, units)).isEmpty();
  }

  @Test
  void shouldRefuseAnImageWithNothingToMiss() {
    List<PrecisionRecallCurve> units =
        copies(20, "kidney", negatives(0.5)).stream().map(CalibrationUnit::curve).toList();
    assertThatThrownBy(() -> ControlledThreshold.threshold(TEN_PERCENT, units))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a positive pixel");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void shouldRefuseALevelThatIsNoRate(double level) {
    assertThatThrownBy(() -> new RiskControl(level))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0 and below 1");
  }

  /**
   * Draws calibration units and fresh ones from one distribution, again and again. A spread of 0
   * makes an image be found or missed as a whole, the hardest case for the rule.
   */
  @ParameterizedTest
  @CsvSource({"9, 0", "10, 0", "20, 0", "20, 1", "50, 1", "50, 3"})
  void shouldKeepTheExpectedFalseNegativeRateOfFreshImages(int n, double spread) {
    // When
    Trials controlled =
        Trials.of(
            n,
            spread,
            images ->
                ControlledThreshold.threshold(
                        TEN_PERCENT, images.stream().map(TestUnits::positives).toList())
                    .orElseThrow());

    // Then at most the level, and no lower than what the next unit may cost
    assertThat(controlled.mean()).isLessThanOrEqualTo(0.10 + 3 * controlled.error());
    assertThat(controlled.mean())
        .isGreaterThanOrEqualTo(0.10 - 1.0 / (n + 1) - 3 * controlled.error());
  }

  @Test
  void shouldNeedTheTermOfTheNextUnitOnFewUnits() {
    // Given the rule without it: the mean rate of 10 images may reach 0.1, so one image of 20
    // pixels
    // may be missed, and the threshold lies just below the 21st lowest probability
    int n = 10;
    int pixels = 20;

    // When
    Trials naive =
        Trials.of(
            n,
            0,
            images -> {
              double[] all = images.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
              return Math.nextDown((float) all[pixels]);
            });

    // Then of fresh images 2 in 11 are missed
    assertThat(naive.mean()).isGreaterThan(0.10 + 10 * naive.error());
    assertThat(naive.mean()).isCloseTo(2.0 / 11, within(4 * naive.error()));
  }

  /** Chooses a threshold by the probabilities of calibration images, all positive in truth. */
  private interface Rule {
    double threshold(List<double[]> images);
  }

  /**
   * False-negative rate of fresh images over many calibrations.
   *
   * @param mean over the calibrations
   * @param error standard error of the mean
   */
  private record Trials(double mean, double error) {
    private static final int REPETITIONS = 300;
    private static final int FRESH = 100;

    static Trials of(int n, double spread, Rule rule) {
      SplittableRandom random = new SplittableRandom(17);
      double sum = 0;
      double squares = 0;
      for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        double threshold =
            rule.threshold(Stream.generate(() -> image(random, spread)).limit(n).toList());
        double rate = 0;
        for (int i = 0; i < FRESH; i++) {
          rate += missed(image(random, spread), threshold) / FRESH;
        }
        sum += rate;
        squares += rate * rate;
      }
      double mean = sum / REPETITIONS;
      double variance = squares / REPETITIONS - mean * mean;
      return new Trials(mean, Math.sqrt(variance / REPETITIONS));
    }

    /** Returns the probabilities of an image's positive pixels around its own difficulty. */
    private static double[] image(SplittableRandom random, double spread) {
      double difficulty = random.nextGaussian();
      double[] pixels = new double[20];
      for (int i = 0; i < pixels.length; i++) {
        double logit = 1 - 1.5 * difficulty + spread * random.nextGaussian();
        pixels[i] = 1 / (1 + Math.exp(-logit));
      }
      return pixels;
    }

    private static double missed(double[] pixels, double threshold) {
      int missed = 0;
      for (double p : pixels) {
        missed += (float) p > threshold ? 0 : 1;
      }
      return (double) missed / pixels.length;
    }
  }
}
