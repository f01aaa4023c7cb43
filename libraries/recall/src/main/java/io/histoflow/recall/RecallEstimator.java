package io.histoflow.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Estimates of all tiles from those that were reviewed, stratified by the probability with which
 * they came to review.
 *
 * <p>A tile with probability p stands for 1 / p tiles (Horvitz and Thompson, JASA 47, 1952). Of
 * each stratum only part is read so far; those stand for the others, as in Hajek's estimator
 * (1971): weights are multiplied by asked / read over all slides. Totals of slide k are
 *
 * <pre>y_k = sum over strata h of (asked_h / read_h) / p_h * y_kh</pre>
 *
 * and their covariance is that between slides as ultimate clusters (Hansen, Hurwitz and Madow,
 * 1953; Saerndal, Swensson and Wretman, 1992, section 4.6), since tiles of a slide are alike:
 *
 * <pre>Cov(x, y) = K / (K - 1) * sum over k of (x_k - mean x) (y_k - mean y)</pre>
 *
 * <p>Assumed: slides are independent of each other; the tiles that are read are, within their
 * stratum, like those that wait, so verdicts must not be given on easy tiles only; the reviewer's
 * mask is the truth. What is estimated is the recall of slides like these: for the tiles of these
 * very slides the interval is wider than it need be.
 */
public final class RecallEstimator {
  private RecallEstimator() {}

  /** What is counted. */
  public enum Unit {
    /** Pixels. */
    PIXELS,
    /** Objects, as {@link TileComparison} tells them apart. */
    OBJECTS;

    private Counts of(Stratum stratum) {
      return this == PIXELS ? stratum.pixels() : stratum.objects();
    }
  }

  /** Whose misses are counted. */
  public enum Whose {
    /** Those of the network's masks. */
    MODEL,
    /**
     * Those of masks as they leave the house: what something else than chance sent to review is as
     * the reviewer left it. What only chance sent stands for tiles that nobody sees.
     */
    SYSTEM
  }

  /**
   * Estimates the totals.
   *
   * @param slides what was reviewed of each slide
   * @return empty where no tile is read of a stratum for which reviews were asked
   */
  public static Optional<Totals> totals(Collection<SlideSums> slides, Unit unit, Whose whose) {
    return weights(slides).map(weights -> totals(vectors(slides, weights, unit, whose)));
  }

  /**
   * Returns the 95 % interval of a ratio by the bootstrap over slides (Efron, 1979; percentiles):
   * each round draws as many slides as there are, with repetition, and weighs their strata anew.
   *
   * @param seed the same slides and seed give the same interval
   * @return lower and upper end; 0 and 1 where too little is known
   */
  public static double[] bootstrap(
      Collection<SlideSums> slides,
      Unit unit,
      Whose whose,
      ToDoubleFunction<Totals> ratio,
      int rounds,
      long seed) {
    List<SlideSums> all = new ArrayList<>(slides);
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[rounds];
    int known = 0;
    for (int round = 0; round < rounds && all.size() > 1; round++) {
      List<SlideSums> drawn = new ArrayList<>(all.size());
      for (int k = 0; k < all.size(); k++) {
        drawn.add(all.get(random.nextInt(all.size())));
      }
      double value =
          weights(drawn)
              .map(weights -> ratio.applyAsDouble(totals(vectors(drawn, weights, unit, whose))))
              .orElse(Double.NaN);
      if (!Double.isNaN(value)) {
        values[known++] = value;
      }
    }
    if (known < rounds / 2 || known == 0) {
      return new double[] {0, 1};
    }
    double[] sorted = Arrays.copyOf(values, known);
    Arrays.sort(sorted);
    return new double[] {
      sorted[(int) (0.025 * known)], sorted[Math.max(0, (int) Math.ceil(0.975 * known) - 1)]
    };
  }

  /** Returns the weight of a read tile in each stratum. */
  private static Optional<SortedMap<Double, Double>> weights(Collection<SlideSums> slides) {
    SortedMap<Double, long[]> counts = new TreeMap<>();
    for (SlideSums slide : slides) {
      slide
          .strata()
          .forEach(
              (probability, stratum) -> {
                long[] count = counts.computeIfAbsent(probability, p -> new long[2]);
                count[0] += stratum.asked();
                count[1] += stratum.read();
              });
    }
    SortedMap<Double, Double> weights = new TreeMap<>();
    for (Map.Entry<Double, long[]> stratum : counts.entrySet()) {
      long[] count = stratum.getValue();
      if (count[0] > 0 && count[1] == 0) {
        return Optional.empty();
      }
      weights.put(stratum.getKey(), (double) count[0] / count[1] / stratum.getKey());
    }
    return Optional.of(weights);
  }

  private static double[][] vectors(
      Collection<SlideSums> slides, SortedMap<Double, Double> weights, Unit unit, Whose whose) {
    double[][] vectors = new double[slides.size()][];
    int k = 0;
    for (SlideSums slide : slides) {
      double[] sums = new double[3];
      for (Map.Entry<Double, Stratum> stratum : slide.strata().entrySet()) {
        double weight = weights.get(stratum.getKey());
        Counts counts = unit.of(stratum.getValue());
        boolean mended = whose == Whose.SYSTEM && stratum.getKey() == 1;
        sums[0] += weight * (mended ? counts.truth() : counts.found());
        sums[1] += mended ? 0 : weight * counts.missed();
        sums[2] += mended ? 0 : weight * counts.wrong();
      }
      vectors[k++] = sums;
    }
    return vectors;
  }

  private static Totals totals(double[][] slides) {
    int count = slides.length;
    double[] sums = new double[3];
    for (double[] slide : slides) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += slide[i];
      }
    }
    return new Totals(
        sums[0],
        sums[1],
        sums[2],
        covariance(slides, sums, 0, 0),
        covariance(slides, sums, 0, 1),
        covariance(slides, sums, 0, 2),
        covariance(slides, sums, 1, 1),
        covariance(slides, sums, 2, 2),
        count);
  }

  private static double covariance(double[][] slides, double[] sums, int i, int j) {
    int count = slides.length;
    if (count < 2) {
      return 0;
    }
    double sum = 0;
    for (double[] slide : slides) {
      sum += (slide[i] - sums[i] / count) * (slide[j] - sums[j] / count);
    }
    return sum * count / (count - 1);
  }
}
