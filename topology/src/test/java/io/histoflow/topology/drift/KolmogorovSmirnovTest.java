package io.histoflow.topology.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.topology.drift.KolmogorovSmirnov.DesignEffect;
import io.histoflow.topology.summaries.Sketches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.junit.jupiter.api.Test;

class KolmogorovSmirnovTest {
  private static final DriftSettings SETTINGS = new DriftSettings(2_000, 500, 1, 0.1);

  /** The design effect of which all is put down to chance. */
  private static final DesignEffect INDEPENDENT = new DesignEffect(0.5, 8);

  @Test
  void shouldMeasureTheLargestDifferenceOfTheCumulativeDistributions() {
    assertThat(distance(new double[] {1, 2, 3, 4}, new double[] {3, 4, 5, 6})).isEqualTo(0.5);
    assertThat(distance(new double[] {1, 2}, new double[] {3, 4})).isEqualTo(1);
    assertThat(distance(new double[] {1, 2, 3}, new double[] {3, 1, 2})).isZero();
  }

  @Test
  void shouldCountEqualValuesTogether() {
    // Given: half of either sample is 0, as of tiles without a positive pixel
    double[] many =
        DoubleStream.concat(zeros(100), DoubleStream.iterate(1, v -> v + 1).limit(100)).toArray();
    double[] few =
        DoubleStream.concat(zeros(5), DoubleStream.iterate(20, v -> v + 20).limit(5)).toArray();

    // When / Then
    assertThat(distance(many, few)).isCloseTo(0.095, within(1e-9));
    assertThat(distance(zeros(300).toArray(), zeros(7).toArray())).isZero();
  }

  @Test
  void shouldAgreeWithTheDistanceOfTheValuesThemselves() {
    for (int seed = 0; seed < 10; seed++) {
      // Given: too many values for a sketch to hold them all
      Random random = new Random(seed);
      double[] one = random.doubles(5_000).toArray();
      double[] other = random.doubles(3_000).map(v -> Math.pow(v, 1.3)).toArray();

      // When / Then
      assertThat(distance(one, other)).isCloseTo(exact(one, other), within(0.025));
    }
  }

  @Test
  void shouldSetTheLimitThatChanceAndTheSketchesExplain() {
    // Given: sketches that hold every value; 100 and 100 values count as 50
    KllDoublesSketch sample = sketch(new Random(1).doubles(100).toArray());
    KolmogorovSmirnov test = new KolmogorovSmirnov(new DriftSettings(40, 20, 1, 0));

    // When
    KolmogorovSmirnov.Result result = test.compare(sample, sample, INDEPENDENT);

    // Then: sqrt(ln(2 / 0.0005) / (2 * 50)) = 0.28800
    assertThat(result.limit()).isCloseTo(0.28800, within(1e-4));
    // and where 4 tiles count as one, by 8 blocks: t is 5.62, which adds 3.5 pi^2 / 12 t^2
    assertThat(test.compare(sample, sample, new DesignEffect(4, 8)).limit())
        .isCloseTo(Math.sqrt((4.147 + 3.5 * 0.8225 * 31.6) / 50), within(0.02));
    assertThat(result.probability()).isEqualTo(1);
    assertThat(result.drifted()).isFalse();
  }

  @Test
  void shouldNotAlarmForADifferenceThatDoesNotMatter() {
    // Given: a shift by 5 % of the range, which so many tiles show clearly
    double[] before = new Random(1).doubles(100_000).toArray();
    double[] after = new Random(2).doubles(100_000).map(v -> v + 0.05).toArray();

    // When
    KolmogorovSmirnov.Result result =
        new KolmogorovSmirnov(SETTINGS).compare(sketch(before), sketch(after), INDEPENDENT);

    // Then
    assertThat(result.probability()).isLessThan(1e-6);
    assertThat(result.limit()).isEqualTo(0.1);
    assertThat(result.drifted()).isFalse();
  }

  @Test
  void shouldMeasureThatTilesOfASlideAreAlike() {
    assertThat(designEffect(1)).isBetween(0.5, 2.0);
    assertThat(designEffect(25)).isBetween(12.0, 50.0);
  }

  @Test
  void shouldLetEveryDifferencePassWhereNothingIsKnownOfSlides() {
    // Given
    KllDoublesSketch before = sketch(new Random(1).doubles(2_000).toArray());
    DesignEffect unknown = KolmogorovSmirnov.designEffect(before, List.of());

    // When
    KolmogorovSmirnov.Result result =
        new KolmogorovSmirnov(SETTINGS).compare(before, sketch(zeros(500).toArray()), unknown);

    // Then
    assertThat(result.distance()).isEqualTo(1);
    assertThat(result.drifted()).isFalse();
  }

  @Test
  void shouldGiveTheProbabilityThatBelongsToTheLimit() {
    // Given: 200 values, and the same moved further and further
    DesignEffect effect = new DesignEffect(2, 8);
    KolmogorovSmirnov test = new KolmogorovSmirnov(new DriftSettings(400, 100, 1, 0));
    double[] before = IntStream.range(0, 200).mapToDouble(i -> i).toArray();

    for (double by = 0; by < 200; by++) {
      double shift = by;
      double[] after = Arrays.stream(before).map(v -> v + shift).toArray();

      // When
      KolmogorovSmirnov.Result result = test.compare(sketch(before), sketch(after), effect);

      // Then: half a thousandth is the share of either figure
      assertThat(result.drifted()).isEqualTo(result.probability() < 0.0005);
    }
  }

  private static double designEffect(int tilesAlike) {
    Random random = new Random(5);
    List<KllDoublesSketch> blocks = new ArrayList<>();
    KllDoublesSketch all = Sketches.empty();
    for (int b = 0; b < 8; b++) {
      KllDoublesSketch block = Sketches.empty();
      for (int slide = 0; slide < 250 / tilesAlike; slide++) {
        double value = random.nextDouble();
        for (int i = 0; i < tilesAlike; i++) {
          block.update(value);
        }
      }
      all.merge(block);
      blocks.add(block);
    }
    return KolmogorovSmirnov.designEffect(all, blocks).value();
  }

  private static double distance(double[] one, double[] other) {
    return KolmogorovSmirnov.distance(sketch(one), sketch(other));
  }

  private static double exact(double[] one, double[] other) {
    return DoubleStream.concat(Arrays.stream(one), Arrays.stream(other))
        .map(v -> Math.abs(share(one, v) - share(other, v)))
        .max()
        .orElseThrow();
  }

  private static double share(double[] values, double limit) {
    int count = 0;
    for (double value : values) {
      if (value <= limit) {
        count++;
      }
    }
    return (double) count / values.length;
  }

  private static KllDoublesSketch sketch(double... values) {
    KllDoublesSketch sketch = Sketches.empty();
    Arrays.stream(values).forEach(sketch::update);
    return sketch;
  }

  private static DoubleStream zeros(int count) {
    return DoubleStream.generate(() -> 0).limit(count);
  }
}
