package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.histoflow.topology.summaries.Sketches;
import java.util.Arrays;
import java.util.Random;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.junit.jupiter.api.Test;

class ScoreDistributionTest {
  @Test
  void shouldGiveTheScoreThatAShareReaches() {
    // Given
    ScoreDistribution scores = of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    // When / Then
    assertThat(scores.reachedBy(0.1)).isEqualTo(10);
    assertThat(scores.reachedBy(0.2)).isEqualTo(9);
    assertThat(scores.reachedBy(0.25)).isEqualTo(8);
    assertThat(scores.reachedBy(1)).isEqualTo(1);
    assertThat(scores.reachedBy(0)).isEqualTo(10);
  }

  @Test
  void shouldEstimateQuantilesOfManyScoresWithinTwoPercentOfRank() {
    // Given
    double[] values = new Random(1).doubles(50_000).toArray();
    ScoreDistribution scores = of(values);
    Arrays.sort(values);

    for (double share : new double[] {0.01, 0.1, 0.5}) {
      // When
      double threshold = scores.reachedBy(share);

      // Then
      double reached = Arrays.stream(values).filter(v -> v >= threshold).count() / 50_000.0;
      assertThat(reached).isBetween(share - 0.02, share + 0.02);
    }
  }

  @Test
  void shouldCallNoScoreClearlyBelowThatReachesTheQuantileAndMostThatDoNot() {
    // Given: few and many scores, many of them equal
    Random random = new Random(5);
    int below = 0;
    int told = 0;
    for (int count : new int[] {2, 30, 700, 20_000}) {
      ScoreDistribution scores =
          of(random.doubles(count).map(v -> Math.rint(v * 200) / 200).toArray());
      for (int i = 0; i < 500; i++) {
        double score = random.nextInt(-2, 203) / 200.0;
        double share = i % 10 == 0 ? random.nextInt(2) : random.nextDouble();

        // When
        boolean clearly = scores.isClearlyBelow(score, share);

        // Then
        if (score >= scores.reachedBy(share)) {
          assertThat(clearly).isFalse();
        } else {
          below++;
          told += clearly ? 1 : 0;
        }
      }
    }
    assertThat(told).isGreaterThan(below / 2);
  }

  @Test
  void shouldSurviveTheWayThroughATopic() {
    // Given
    ScoreDistribution scores = of(new Random(1).doubles(5_000).toArray());

    // When
    byte[] bytes = scores.toBytes();
    ScoreDistribution read = ScoreDistribution.fromBytes(bytes).orElseThrow();

    // Then
    assertThat(read.count()).isEqualTo(5_000);
    assertThat(read.reachedBy(0.1)).isEqualTo(scores.reachedBy(0.1));
    assertThat(bytes.length).isLessThan(16_384);
  }

  @Test
  void shouldTakeNoSketchFromBytesThatAreNone() {
    // Given
    byte[] good = of(new Random(1).doubles(100).toArray()).toBytes();

    // When / Then
    assertThat(ScoreDistribution.fromBytes(new byte[0])).isEmpty();
    assertThat(
            ScoreDistribution.fromBytes(
                "no sketch at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEmpty();
    for (int length = 1; length < good.length; length += 7) {
      assertThat(ScoreDistribution.fromBytes(Arrays.copyOf(good, length))).isEmpty();
    }
  }

  @Test
  void shouldRefuseAQuantileOfNothing() {
    assertThatIllegalStateException().isThrownBy(() -> of().reachedBy(0.1));
  }

  private static ScoreDistribution of(double... values) {
    KllDoublesSketch sketch = Sketches.empty();
    Arrays.stream(values).forEach(sketch::update);
    return new ScoreDistribution(sketch);
  }
}
