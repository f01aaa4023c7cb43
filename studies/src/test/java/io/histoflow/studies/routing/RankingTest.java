package io.histoflow.studies.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  @Test
  void shouldAddUpTheValuesOfTheHighestScores() {
    // Given
    Ranking ranking = Ranking.of(new double[] {0.1, 0.9, 0.5, 0.7});
    double[] values = {1, 2, 4, 8};

    // When, Then
    assertThat(ranking.sumOfTop(values, new int[] {1, 1, 1, 1}, 2)).isEqualTo(10);
    assertThat(ranking.sumOfTop(values, new int[] {1, 1, 1, 1}, 4)).isEqualTo(15);
    // The second tile twice, the fourth not at all
    assertThat(ranking.sumOfTop(values, new int[] {1, 2, 1, 0}, 3)).isEqualTo(8);
  }

  @Test
  void shouldCountTiedTilesAsARandomOrderWould() {
    // Given: three tiles tie for two places behind the first
    double[] scores = {0.5, 0.9, 0.5, 0.5, 0.1};
    double[] values = {3, 1, 6, 0, 50};

    // When
    double sum = Ranking.of(scores).sumOfTop(values, new int[] {1, 1, 1, 1, 1}, 3);

    // Then: the mean over many shuffled orders
    Random random = new Random(1);
    double total = 0;
    int[] tied = {0, 2, 3};
    for (int i = 0; i < 100_000; i++) {
      int left = random.nextInt(3);
      total += 1 + values[tied[(left + 1) % 3]] + values[tied[(left + 2) % 3]];
    }
    assertThat(sum).isEqualTo(1 + 9 * 2 / 3.0);
    assertThat(sum).isCloseTo(total / 100_000, within(0.05));
  }

  @Test
  void shouldCorrelateRanksAsSpearmanDid() {
    assertThat(Ranking.correlation(new double[] {1, 2, 3}, new double[] {10, 20, 900}))
        .isCloseTo(1, within(1e-12));
    assertThat(Ranking.correlation(new double[] {1, 2, 3}, new double[] {3, 2, 1}))
        .isCloseTo(-1, within(1e-12));
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5
    assertThat(Ranking.correlation(new double[] {1, 5, 5, 7}, new double[] {1, 2, 3, 4}))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    assertThat(Ranking.correlation(new double[] {1, 1}, new double[] {1, 2})).isNaN();
  }
}
