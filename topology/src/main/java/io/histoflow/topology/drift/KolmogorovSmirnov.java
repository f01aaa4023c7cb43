package io.histoflow.topology.drift;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.DoublesSketchSortedView;

/**
 * The two-sample Kolmogorov-Smirnov test on KLL sketches, for tiles that come in slides.
 *
 * <p>The distance of two distributions is the largest difference of their cumulative distributions.
 * Two things move it without drift. Chance: for n and m independent values its square exceeds
 * {@code ln(2/alpha) / 2 * (n+m) / (n m)} with probability alpha at most (the first term of
 * Kolmogorov's series, an upper bound; ties only lower it). And slides, whose tiles are alike: they
 * shift a whole window, by an amount that is measured within the reference, between its blocks.
 * That measure is itself uncertain, so it counts with the quantile of Student's t of as many
 * degrees of freedom as there are blocks. The squares of both add up to the square of the limit.
 */
final class KolmogorovSmirnov {
  /**
   * Mean square of Kolmogorov's distribution: n times the square of the distance from the truth.
   */
  private static final double MEAN_SQUARE = Math.PI * Math.PI / 12;

  /** Two figures are tested in each window. */
  private static final int FIGURES = 2;

  /**
   * What is put down to chance of the design effect that was measured: only half of what
   * independent tiles give, since a few blocks may look independent where they are not. Chosen by
   * simulation.
   */
  private static final double LEAST_CHANCE = 0.5;

  private static final double MOST_PROBABILITY = 0.2;
  private static final double LEAST_LOG_PROBABILITY = -300;
  private static final int HALVINGS = 50;

  private final DriftSettings settings;

  KolmogorovSmirnov(DriftSettings settings) {
    this.settings = settings;
  }

  /**
   * Compares a window with its reference.
   *
   * @param effect how alike the tiles of a slide are
   */
  Result compare(KllDoublesSketch reference, KllDoublesSketch window, DesignEffect effect) {
    double n = reference.getN();
    double m = window.getN();
    double independent = n * m / (n + m);
    double alpha = settings.falseAlarmsPerThousandWindows() / 1_000 / FIGURES;
    double sketches = rankError(reference) + rankError(window);
    double distance = distance(reference, window);
    double chance = Math.sqrt(excessSquare(alpha, effect) / independent) + sketches;
    double excess = Math.max(0, distance - sketches);
    return new Result(
        reference,
        window,
        effect.value(),
        distance,
        Math.max(settings.smallestDistance(), chance),
        probability(excess * excess * independent, effect));
  }

  /** Returns what n m / (n+m) times the squared distance exceeds with a probability. */
  private static double excessSquare(double alpha, DesignEffect effect) {
    return Math.log(2 / alpha) / 2
        + Math.max(0, effect.value() - LEAST_CHANCE)
            * MEAN_SQUARE
            * Math.pow(TDistribution.of(effect.blocks()).inverseSurvivalProbability(alpha / 2), 2);
  }

  /** Inverts {@link #excessSquare}: by halving, as it falls with the probability. */
  private static double probability(double square, DesignEffect effect) {
    double low = LEAST_LOG_PROBABILITY;
    double high = Math.log(MOST_PROBABILITY);
    if (square <= excessSquare(MOST_PROBABILITY, effect)) {
      return 1;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (excessSquare(Math.exp(middle), effect) > square) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.exp(high);
  }

  /**
   * Measures how alike the tiles of a slide are: by how much further the blocks of the reference
   * lie from the whole than blocks of independent tiles would.
   *
   * @param reference all blocks together
   * @param blocks consecutive tiles; none where the settings have changed meanwhile
   */
  static DesignEffect designEffect(KllDoublesSketch reference, List<KllDoublesSketch> blocks) {
    if (blocks.isEmpty()) {
      return DesignEffect.NONE;
    }
    double sum = 0;
    for (KllDoublesSketch block : blocks) {
      double distance = distance(reference, block);
      double n = block.getN();
      sum += n * distance * distance / (MEAN_SQUARE * (1 - n / reference.getN()));
    }
    return new DesignEffect(sum / blocks.size(), blocks.size());
  }

  /** Returns the largest difference of two cumulative distributions, 0..1. */
  static double distance(KllDoublesSketch one, KllDoublesSketch other) {
    DoublesSketchSortedView a = one.getSortedView();
    DoublesSketchSortedView b = other.getSortedView();
    double[] valuesA = a.getQuantiles();
    double[] valuesB = b.getQuantiles();
    long[] weightsA = a.getCumulativeWeights();
    long[] weightsB = b.getCumulativeWeights();
    double largest = 0;
    int i = 0;
    int j = 0;
    while (i < valuesA.length && j < valuesB.length) {
      // Equal values count together: between them neither distribution has a step.
      double value = Math.min(valuesA[i], valuesB[j]);
      while (i < valuesA.length && valuesA[i] == value) {
        i++;
      }
      while (j < valuesB.length && valuesB[j] == value) {
        j++;
      }
      double shareA = i == 0 ? 0 : (double) weightsA[i - 1] / a.getN();
      double shareB = j == 0 ? 0 : (double) weightsB[j - 1] / b.getN();
      largest = Math.max(largest, Math.abs(shareA - shareB));
    }
    return largest;
  }

  /** Returns by how much a rank may be off, 0 while the sketch holds every value. */
  private static double rankError(KllDoublesSketch sketch) {
    return sketch.isEstimationMode() ? sketch.getNormalizedRankError(false) : 0;
  }

  /**
   * How alike the tiles of a slide are.
   *
   * @param value how many tiles count as one; about 1 where they are independent
   * @param blocks blocks of the reference from which that was measured
   */
  record DesignEffect(double value, int blocks) {
    static final DesignEffect NONE = new DesignEffect(1, 1);
  }

  /**
   * How a window compares.
   *
   * @param designEffect how many tiles count as one
   * @param distance from the reference, 0..1
   * @param limit distance above which it has drifted
   * @param probability probability of such a distance without drift, about; 1 where it is above
   *     {@value #MOST_PROBABILITY}
   */
  record Result(
      KllDoublesSketch reference,
      KllDoublesSketch window,
      double designEffect,
      double distance,
      double limit,
      double probability) {
    boolean drifted() {
      return distance > limit;
    }
  }
}
