package io.histoflow.recall;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the reviewed tiles of one slide add up to, in whole numbers: sums do not depend on the order
 * in which tiles come, and a verdict can be taken back exactly.
 *
 * <p>Strata are told apart by the probability with which their tiles came to review: 1 for tiles
 * that something else than chance asked for, the audit's share for others, another one for
 * background. A setting that changes makes a stratum of its own.
 *
 * @param strata by probability, above 0 and at most 1
 */
public record SlideSums(SortedMap<Double, Stratum> strata) {
  /** A slide of which no tile came to review. */
  public static final SlideSums EMPTY = new SlideSums(new TreeMap<>());

  /** Copies the strata. */
  public SlideSums {
    strata = Collections.unmodifiableSortedMap(new TreeMap<>(strata));
    if (!strata.isEmpty() && !(strata.firstKey() > 0 && strata.lastKey() <= 1)) {
      throw new IllegalArgumentException("Probabilities must be above 0 and at most 1");
    }
  }

  /** Returns a stratum; the empty one where no tile came with this probability. */
  public Stratum of(double probability) {
    return strata.getOrDefault(probability, Stratum.EMPTY);
  }

  /** Returns the sums with another stratum. */
  public SlideSums with(double probability, Stratum stratum) {
    SortedMap<Double, Stratum> next = new TreeMap<>(strata);
    if (stratum.equals(Stratum.EMPTY)) {
      next.remove(probability);
    } else {
      next.put(probability, stratum);
    }
    return new SlideSums(next);
  }
}
