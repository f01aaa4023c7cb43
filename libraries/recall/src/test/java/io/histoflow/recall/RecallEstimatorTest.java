package io.histoflow.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.recall.RecallEstimator.Unit;
import io.histoflow.recall.RecallEstimator.Whose;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecallEstimatorTest {
  private static final double AUDITED = 0.25;

  @Test
  void shouldBeWithoutBiasOverAllDrawsThatChanceCanMake() {
    // Given: two slides; the first tile of each is routed, each other one drawn or not
    long[][][] tiles = {
      {{50, 10, 5}, {7, 1, 0}, {0, 4, 2}, {9, 0, 1}}, {{30, 30, 0}, {8, 8, 3}, {1, 0, 0}}
    };
    double found = 0;
    double missed = 0;
    double wrong = 0;

    // When: every draw, weighed by its probability
    int others = 5;
    for (int draw = 0; draw < 1 << others; draw++) {
      double probability = 1;
      List<SlideSums> slides = new ArrayList<>();
      int other = 0;
      for (long[][] slide : tiles) {
        SlideSums sums = read(SlideSums.EMPTY, 1, slide[0]);
        for (int t = 1; t < slide.length; t++) {
          boolean drawn = (draw >> other++ & 1) == 1;
          probability *= drawn ? AUDITED : 1 - AUDITED;
          sums = drawn ? read(sums, AUDITED, slide[t]) : sums;
        }
        slides.add(sums);
      }
      Totals totals = RecallEstimator.totals(slides, Unit.PIXELS, Whose.MODEL).orElseThrow();
      found += probability * totals.found();
      missed += probability * totals.missed();
      wrong += probability * totals.wrong();
    }

    // Then
    assertThat(found).isCloseTo(105, within(1e-9));
    assertThat(missed).isCloseTo(53, within(1e-9));
    assertThat(wrong).isCloseTo(11, within(1e-9));
  }

  @Test
  void shouldLetWhatIsReadStandForWhatWaits() {
    // Given: of two routed tiles one is read, of three drawn ones two
    SlideSums slide = read(SlideSums.EMPTY, 1, new long[] {10, 2, 0});
    slide = slide.with(1, slide.of(1).withAsked(1));
    slide = read(slide, AUDITED, new long[] {3, 1, 0});
    slide = read(slide, AUDITED, new long[] {5, 0, 0});
    slide = slide.with(AUDITED, slide.of(AUDITED).withAsked(1));

    // When
    Totals model = totals(List.of(slide), Whose.MODEL);
    Totals system = totals(List.of(slide), Whose.SYSTEM);

    // Then: 2 x 10 + 1.5 x 4 x 8, and what the reviewer mends is not missed
    assertThat(model.found()).isEqualTo(20 + 48);
    assertThat(model.missed()).isEqualTo(4 + 6);
    assertThat(system.found()).isEqualTo(24 + 48);
    assertThat(system.missed()).isEqualTo(6);
    assertThat(model.recall().value()).isCloseTo(68.0 / 78, within(1e-12));
    assertThat(model.recall().low()).isZero();
  }

  @Test
  void shouldKnowNothingWhereNoDrawnTileIsRead() {
    SlideSums slide = read(SlideSums.EMPTY, 1, new long[] {10, 2, 0});
    slide = slide.with(AUDITED, Stratum.EMPTY.withAsked(3));

    assertThat(RecallEstimator.totals(List.of(slide), Unit.PIXELS, Whose.MODEL)).isEmpty();
    assertThat(totals(List.of(), Whose.MODEL).recall().known()).isFalse();
  }

  @Test
  void shouldHaveTheVarianceOfResidualsBySlide() {
    // Given
    List<SlideSums> slides = population(new Random(1), 12);

    // When
    Ratio recall = totals(slides, Whose.MODEL).recall();

    // Then: residuals of each slide, as written in textbooks
    double weight = 0;
    double read = 0;
    for (SlideSums slide : slides) {
      weight += slide.of(AUDITED).asked();
      read += slide.of(AUDITED).read();
    }
    weight /= read * AUDITED;
    double truth = 0;
    double squares = 0;
    for (SlideSums slide : slides) {
      Counts routed = slide.of(1).pixels();
      Counts drawn = slide.of(AUDITED).pixels();
      double all = routed.truth() + weight * drawn.truth();
      double residual = routed.found() + weight * drawn.found() - recall.value() * all;
      truth += all;
      squares += residual * residual;
    }
    double error = Math.sqrt(squares * slides.size() / (slides.size() - 1.0)) / truth;
    assertThat(recall.error()).isCloseTo(error, within(1e-12));
  }

  @Test
  void shouldHoldTheTruthInNineteenOfTwentyIntervals() {
    // Given
    Random random = new Random(2);
    double truth = totals(population(random, 40_000), Whose.MODEL).recall().value();
    int linearised = 0;
    int bootstrapped = 0;
    int repetitions = 600;

    // When
    for (int repetition = 0; repetition < repetitions; repetition++) {
      List<SlideSums> slides = population(random, 40);
      Ratio recall = totals(slides, Whose.MODEL).recall();
      linearised += recall.low() <= truth && truth <= recall.high() ? 1 : 0;
      double[] interval =
          RecallEstimator.bootstrap(
              slides, Unit.PIXELS, Whose.MODEL, t -> t.recall().value(), 200, repetition);
      bootstrapped += interval[0] <= truth && truth <= interval[1] ? 1 : 0;
    }

    // Then
    assertThat(linearised / (double) repetitions).isBetween(0.925, 0.975);
    assertThat(bootstrapped / (double) repetitions).isBetween(0.90, 0.975);
  }

  @Test
  void shouldAddUpWhatIsEstimatedApart() {
    Random random = new Random(3);
    Totals one = totals(population(random, 20), Whose.MODEL);
    Totals other = totals(population(random, 30), Whose.MODEL);

    Ratio both = one.plus(other).recall();

    assertThat(both.value())
        .isBetween(
            Math.min(one.recall().value(), other.recall().value()),
            Math.max(one.recall().value(), other.recall().value()));
    assertThat(both.error()).isLessThan(Math.max(one.recall().error(), other.recall().error()));
  }

  @Test
  void shouldTakeAVerdictBackExactly() {
    TileComparison tile = new TileComparison(new Counts(5, 3, 1), new Counts(1, 1, 0));
    Stratum before = Stratum.EMPTY.withAsked(2);

    assertThat(before.plus(tile).minus(tile)).isEqualTo(before);
    assertThat(SlideSums.EMPTY.with(1, before).with(1, Stratum.EMPTY)).isEqualTo(SlideSums.EMPTY);
  }

  private static Totals totals(List<SlideSums> slides, Whose whose) {
    return RecallEstimator.totals(slides, Unit.PIXELS, whose).orElseThrow();
  }

  /** Slides that differ, of 40 tiles each: a tenth routed, of the others a quarter drawn. */
  private static List<SlideSums> population(Random random, int count) {
    List<SlideSums> slides = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double missed = 0.02 + 0.2 * random.nextDouble();
      double dense = 0.5 + random.nextDouble();
      SlideSums slide = SlideSums.EMPTY;
      for (int t = 0; t < 40; t++) {
        boolean routed = random.nextDouble() < 0.1;
        long truth = Math.round(100 * dense * random.nextDouble());
        long out =
            Math.min(
                truth, Math.round(truth * missed * (routed ? 3 : 1) * 2 * random.nextDouble()));
        if (routed || random.nextDouble() < AUDITED) {
          slide = read(slide, routed ? 1 : AUDITED, new long[] {truth - out, out, out});
        }
      }
      slides.add(slide);
    }
    return slides;
  }

  private static SlideSums read(SlideSums slide, double probability, long[] counts) {
    Counts pixels = new Counts(counts[0], counts[1], counts[2]);
    return slide.with(
        probability,
        slide.of(probability).withAsked(1).plus(new TileComparison(pixels, Counts.NONE)));
  }
}
