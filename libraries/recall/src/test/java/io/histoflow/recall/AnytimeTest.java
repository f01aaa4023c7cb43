package io.histoflow.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds however often one looks. */
class AnytimeTest {
  @Test
  void shouldNotGainOnAverageWhileTheLevelHolds() {
    // Given: every sequence of 12 values that are 1 as often as the level allows, else 0
    double level = 0.2;
    int length = 12;
    double[] expected = new double[length];
    double alarmed = 0;

    // When
    for (int sequence = 0; sequence < 1 << length; sequence++) {
      int ones = Integer.bitCount(sequence);
      double probability = Math.pow(level, ones) * Math.pow(1 - level, length - ones);
      MissedShareEvidence evidence = new MissedShareEvidence(level);
      boolean reached = false;
      for (int t = 0; t < length; t++) {
        evidence.add(sequence >> t & 1);
        expected[t] += probability * Math.exp(evidence.logEvidence());
        reached |= evidence.logEvidence() >= Math.log(20);
      }
      alarmed += reached ? probability : 0;
    }

    // Then: a fair game, and Ville's inequality
    for (double mean : expected) {
      assertThat(mean).isCloseTo(1, within(1e-9));
    }
    assertThat(alarmed).isPositive().isLessThan(0.05);
  }

  @Test
  void shouldSeeAShareThatRisesLate() {
    // Given
    Random random = new Random(1);
    MissedShareEvidence evidence = new MissedShareEvidence(0.08);
    for (int slide = 0; slide < 300; slide++) {
      evidence.add(0.16 * random.nextDouble());
    }
    assertThat(evidence.logEvidence()).isLessThan(3);

    // When
    int slides = 0;
    while (evidence.logEvidence() < Math.log(20) && slides < 300) {
      evidence.add(0.28 * random.nextDouble());
      slides++;
    }

    // Then
    assertThat(slides).isLessThan(100);
  }

  @Test
  void shouldGoOnFromWhatWasKept() {
    // Given
    Random random = new Random(4);
    MissedShareEvidence evidence = new MissedShareEvidence(0.08);
    ConfidenceSequence sequence = new ConfidenceSequence(0.05);
    MissedShareEvidence kept = new MissedShareEvidence(0.08);
    ConfidenceSequence keptSequence = new ConfidenceSequence(0.05);

    // When: more slides than any window, kept after each
    for (int slide = 0; slide < 200; slide++) {
      double value = 0.2 * random.nextDouble();
      evidence.add(value);
      sequence.add(value);
      kept = new MissedShareEvidence(0.08, kept.state());
      kept.add(value);
      keptSequence = new ConfidenceSequence(0.05, keptSequence.state());
      keptSequence.add(value);
    }

    // Then
    assertThat(kept.logEvidence()).isEqualTo(evidence.logEvidence());
    assertThat(kept.count()).isEqualTo(200);
    assertThat(keptSequence.low()).isEqualTo(sequence.low());
    assertThat(keptSequence.mean()).isEqualTo(sequence.mean());
  }

  @Test
  void shouldSeeALittleThatIsMissedInAllGroupsBeforeItShowsInAnyOfThem() {
    // Given: twelve groups of which each slide misses 0.11 on average
    Random random = new Random(5);
    int families = 7;
    MissedShareEvidence together = new MissedShareEvidence(0.08);
    MissedShareEvidence[] groups = new MissedShareEvidence[12];
    for (int g = 0; g < groups.length; g++) {
      groups[g] = new MissedShareEvidence(0.08);
    }

    // When
    int slides = 0;
    boolean ofOne = false;
    while (together.logEvidence() < MissedShareEvidence.limit(0.05, families, 1) && slides < 100) {
      for (int g = 0; g < groups.length; g++) {
        double value = 0.22 * random.nextDouble();
        together.add(value);
        groups[g].add(value);
        ofOne |= groups[g].logEvidence() >= MissedShareEvidence.limit(0.05, families, g / 6 + 1);
      }
      slides++;
    }

    // Then
    assertThat(ofOne).isFalse();
    assertThat(slides).isLessThan(20);
  }

  @Test
  void shouldShareTheFalseAlarmsAmongAllGroupsThatMayCome() {
    // Given: seven families of as many groups as one likes
    double sum = 0;
    for (int number = 1; number <= 100_000; number++) {
      sum += 7 * Math.exp(-MissedShareEvidence.limit(0.05, 7, number));
    }

    // Then: by the union bound, or as shares of a mean of evidence
    assertThat(sum).isLessThanOrEqualTo(0.05).isCloseTo(0.05, within(1e-5));
  }

  @Test
  void shouldHoldTheMeanAtAllTimesTogether() {
    // Given
    Random random = new Random(2);
    int missed = 0;
    int repetitions = 400;

    // When: 300 looks each
    for (int repetition = 0; repetition < repetitions; repetition++) {
      ConfidenceSequence sequence = new ConfidenceSequence(0.05);
      boolean out = false;
      for (int t = 0; t < 300; t++) {
        sequence.add(random.nextDouble() < 0.1 ? 1 : 0);
        out |= sequence.low() > 0.1 || sequence.high() < 0.1;
      }
      missed += out ? 1 : 0;
    }

    // Then
    assertThat(missed / (double) repetitions).isLessThan(0.05);
  }

  @Test
  void shouldFollowThePublishedFormula() {
    // Given
    double[] values = new Random(3).doubles(50).map(x -> x * x).toArray();
    ConfidenceSequence sequence = new ConfidenceSequence(0.1);

    // When
    for (double value : values) {
      sequence.add(value);
    }

    // Then: theorem 2 once more, each sum from the start
    double low = 0;
    double high = 1;
    for (int t = 1; t <= values.length; t++) {
      double weights = 0;
      double weighted = 0;
      double penalty = 0;
      for (int i = 1; i <= t; i++) {
        double weight =
            Math.min(
                0.5, Math.sqrt(2 * Math.log(20) / (variance(values, i - 1) * i * Math.log(1 + i))));
        double psi = (-Math.log(1 - weight) - weight) / 4;
        weights += weight;
        weighted += weight * values[i - 1];
        penalty += 4 * Math.pow(values[i - 1] - mean(values, i - 1), 2) * psi;
      }
      low = Math.max(low, (weighted - Math.log(20) - penalty) / weights);
      high = Math.min(high, (weighted + Math.log(20) + penalty) / weights);
    }
    assertThat(sequence.low()).isCloseTo(low, within(1e-12));
    assertThat(sequence.high()).isCloseTo(high, within(1e-12));
    assertThat(sequence.count()).isEqualTo(50);
  }

  @Test
  void shouldRefuseWhatIsNoShare() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ConfidenceSequence(0.05).add(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new MissedShareEvidence(0.1).add(-0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new MissedShareEvidence(0));
  }

  @Test
  void shouldPlanByTheVarianceSeenOrAPrior() {
    // 0.18 x (1.96 / 0.02)^2
    assertThat(AuditPlan.PRIOR.tiles(0.02)).isEqualTo(1729);
    assertThat(AuditPlan.seen(new Ratio(0.9, 0.8, 0.95, 0.02), 100).tiles(0.02)).isEqualTo(385);
    assertThat(AuditPlan.seen(Ratio.UNKNOWN, 0)).isEqualTo(AuditPlan.PRIOR);
  }

  private static double mean(double[] values, int until) {
    double sum = 0.5;
    for (int i = 0; i < until; i++) {
      sum += values[i];
    }
    return sum / (until + 1);
  }

  private static double variance(double[] values, int until) {
    double sum = 0.25;
    for (int i = 1; i <= until; i++) {
      sum += Math.pow(values[i - 1] - mean(values, i), 2);
    }
    return sum / (until + 1);
  }
}
