package io.histoflow.evaluation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * Precision and recall over all thresholds, from a histogram of probabilities in steps of 1/1000.
 *
 * <p>Curves of parts of a data set add up to the curve of the whole, however the parts are cut. At
 * threshold i/1000 a pixel is positive where its probability is above it, so that the counts equal
 * {@link Confusion#of(float[], Mask, double)} exactly. Immutable.
 */
public final class PrecisionRecallCurve {

  /** Number of steps between threshold 0 and 1; the histogram has one bin more. */
  public static final int STEPS = 1000;

  /** A curve over no pixels. */
  public static final PrecisionRecallCurve EMPTY =
      new PrecisionRecallCurve(new long[STEPS + 1], new long[STEPS + 1]);

  /** Bin b counts the probabilities in ((b-1)/1000, b/1000]. */
  private final long[] positives;

  private final long[] negatives;

  private PrecisionRecallCurve(long[] positives, long[] negatives) {
    this.positives = positives;
    this.negatives = negatives;
  }

  /**
   * The curve of one image.
   *
   * @param probabilities (H, W), 0..1
   * @param truth of the same size
   * @throws IllegalArgumentException where a probability is NaN or outside 0..1
   */
  public static PrecisionRecallCurve of(float[] probabilities, Mask truth) {
    return of(probabilities, truth, pixel -> true);
  }

  /** As the other, without the pixels of which the tile's mask says nothing. */
  public static PrecisionRecallCurve of(float[] probabilities, LabelledTile tile) {
    return of(probabilities, tile.mask(), tile::isCertain);
  }

  private static PrecisionRecallCurve of(float[] probabilities, Mask truth, IntPredicate counted) {
    byte[] positive = Confusion.checkedValues(probabilities.length, truth);
    long[] positives = new long[STEPS + 1];
    long[] negatives = new long[STEPS + 1];
    for (int i = 0; i < positive.length; i++) {
      if (counted.test(i)) {
        (positive[i] != 0 ? positives : negatives)[bin(probabilities[i])]++;
      }
    }
    return new PrecisionRecallCurve(positives, negatives);
  }

  /** The curve over the pixels of both. */
  public PrecisionRecallCurve plus(PrecisionRecallCurve other) {
    long[] p = positives.clone();
    long[] n = negatives.clone();
    for (int b = 0; b <= STEPS; b++) {
      p[b] += other.positives[b];
      n[b] += other.negatives[b];
    }
    return new PrecisionRecallCurve(p, n);
  }

  /** Number of pixels that are positive in truth. */
  public long positivePixels() {
    return Arrays.stream(positives).sum();
  }

  /** Number of pixels. */
  public long pixels() {
    return positivePixels() + Arrays.stream(negatives).sum();
  }

  /**
   * The counts at a threshold.
   *
   * @param threshold 0..1, rounded to thousandths
   */
  public Confusion at(double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("A threshold lies in 0..1, not " + threshold);
    }
    int step = (int) Math.round(threshold * STEPS);
    long fn = 0;
    long tn = 0;
    for (int b = 0; b <= step; b++) {
      fn += positives[b];
      tn += negatives[b];
    }
    long tp = 0;
    long fp = 0;
    for (int b = step + 1; b <= STEPS; b++) {
      tp += positives[b];
      fp += negatives[b];
    }
    return new Confusion(tp, fp, fn, tn);
  }

  /**
   * The threshold of greatest recall at which precision is not below a value.
   *
   * @param precision 0..1
   * @return the threshold, exact within the histogram's steps where precision is linear in counts;
   *     empty where no threshold reaches that precision
   */
  public OptionalDouble thresholdAtPrecision(double precision) {
    Crossing crossing = crossing(precision);
    return crossing == null ? OptionalDouble.empty() : OptionalDouble.of(crossing.threshold());
  }

  /**
   * The greatest recall at which precision is not below a value. Between two thresholds counts are
   * interpolated (Davis and Goadrich, ICML 2006), so that models can be compared at exactly one
   * precision.
   *
   * @param precision 0..1
   * @return recall, 0..1; empty where no threshold reaches that precision or nothing is positive
   */
  public OptionalDouble recallAtPrecision(double precision) {
    long positive = positivePixels();
    Crossing crossing = crossing(precision);
    return crossing == null || positive == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(crossing.truePositives() / positive);
  }

  /**
   * Average precision: the sum over thresholds of precision times the recall gained there, without
   * interpolation.
   *
   * @return 0..1; NaN where nothing is positive
   */
  public double averagePrecision() {
    long positive = positivePixels();
    if (positive == 0) {
      return Double.NaN;
    }
    long tp = 0;
    long found = 0;
    double sum = 0;
    for (int b = STEPS; b >= 0; b--) {
      tp += positives[b];
      found += positives[b] + negatives[b];
      if (positives[b] > 0) {
        sum += (double) positives[b] / positive * tp / found;
      }
    }
    return sum;
  }

  private Crossing crossing(double precision) {
    if (!(precision >= 0 && precision <= 1)) {
      throw new IllegalArgumentException("Precision lies in 0..1, not " + precision);
    }
    int best = -1;
    long bestTp = 0;
    long bestFound = 0;
    long tp = 0;
    long found = 0;
    for (int b = STEPS; b >= 0; b--) {
      tp += positives[b];
      found += positives[b] + negatives[b];
      if (found > 0 && tp >= precision * found) {
        best = b;
        bestTp = tp;
        bestFound = found;
      }
    }
    if (best < 0) {
      return null;
    }
    double share = 0;
    if (best > 0) {
      long dp = positives[best - 1];
      long dn = negatives[best - 1];
      double fall = precision * (dp + dn) - dp;
      if (fall > 0) {
        share = Math.min(1, Math.max(0, (bestTp - precision * bestFound) / fall));
      }
    }
    double extra = best > 0 ? share * positives[best - 1] : 0;
    return new Crossing(Math.max(0, (best - 1 - share) / STEPS), bestTp + extra);
  }

  private static int bin(float probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("A probability lies in 0..1, not " + probability);
    }
    return (int) Math.ceil((double) probability * STEPS);
  }

  private record Crossing(double threshold, double truePositives) {}
}
