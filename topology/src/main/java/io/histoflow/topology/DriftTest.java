package io.histoflow.topology;

import java.util.List;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.DoublesSketchSortedView;

/**
 * The two-sample Kolmogorov-Smirnov test on KLL sketches, for tiles that come in slides.
 *
 * <p>The distance of two distributions is the largest difference of their cumulative distributions.
 * Of n and m independent values of one distribution it exceeds {@code sqrt(ln(2/alpha) (n+m) / (2 n
 * m))} with probability alpha at most (the first term of Kolmogorov's series, an upper bound); ties
 * only lower it. Tiles of a slide are alike, so they count for fewer: by the <em>design effect</em>
 * (Kish, Survey Sampling, 1965), which is measured within the reference.
 */
final class DriftTest {
  /**
   * Mean square of Kolmogorov's distribution: n times the square of the distance from the truth.
   */
  private static final double MEAN_SQUARE = Math.PI * Math.PI / 12;

  /** Two figures are tested in each window. */
  private static final int FIGURES = 2;

  private final DriftSettings settings;

  DriftTest(DriftSettings settings) {
    this.settings = settings;
  }

  /**
   * Compares a window with its reference.
   *
   * @param designEffect how many tiles count as one, 1 or more
   */
  Result compare(KllDoublesSketch reference, KllDoublesSketch window, double designEffect) {
    double distance = distance(reference, window);
    double n = reference.getN();
    double m = window.getN();
    double effective = n * m / (n + m) / designEffect;
    double alpha = settings.falseAlarmsPerThousandWindows() / 1_000 / FIGURES;
    double sketches = rankError(reference) + rankError(window);
    double chance = Math.sqrt(Math.log(2 / alpha) / (2 * effective)) + sketches;
    double excess = Math.max(0, distance - sketches);
    return new Result(
        distance,
        Math.max(settings.smallestDistance(), chance),
        Math.min(1, 2 * Math.exp(-2 * effective * excess * excess)));
  }

  /**
   * Measures how many tiles count as one: by how much further blocks of the reference lie from the
   * whole than blocks of independent tiles would. What few blocks leave open is added, so that a
   * lucky reference does not cry wolf.
   *
   * @param reference all blocks together
   * @param blocks consecutive tiles
   * @return 1 or more
   */
  static double designEffect(KllDoublesSketch reference, List<KllDoublesSketch> blocks) {
    double sum = 0;
    for (KllDoublesSketch block : blocks) {
      double distance = Math.max(0, distance(reference, block) - rankError(reference));
      double n = block.getN();
      sum += n * distance * distance / (MEAN_SQUARE * (1 - n / reference.getN()));
    }
    double measured = sum / blocks.size();
    return Math.max(1, measured * (1 + 1 / Math.sqrt(blocks.size())));
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
   * How a window compares.
   *
   * @param distance from the reference, 0..1
   * @param limit distance above which it has drifted
   * @param probability upper bound of the probability of such a distance without drift
   */
  record Result(double distance, double limit, double probability) {
    boolean drifted() {
      return distance > limit;
    }
  }
}
