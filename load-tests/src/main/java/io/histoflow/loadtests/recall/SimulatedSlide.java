package io.histoflow.loadtests.recall;

import java.util.SplittableRandom;

/**
 * Draws the tiles of a slide: how much is in each, how much of it the model misses, and a routing
 * score that knows of the misses, but not well. Slides differ in density and in what is missed:
 * Gamma(3) with the organ's mean, so that one standard deviation is 58 % of it. Of a slide's mean
 * each tile misses an exponential multiple. Three tiles in ten hold nothing.
 */
final class SimulatedSlide {
  static final int LEAST_TILES = 30;
  static final int MOST_TILES = 70;
  private static final double EMPTY = 0.3;
  private static final double PIXELS = 1_000;
  private static final double WRONG = 0.1;
  private static final double MOST_MISSED = 0.9;

  private final SplittableRandom random;
  private final double density;
  private final double missed;
  private long truth;
  private long lost;
  private long wrong;
  private double score;

  /**
   * @param meanMissed of the organ's slides
   * @param prevalence mean density of slides at this time, about 1
   */
  SimulatedSlide(double meanMissed, double prevalence, SplittableRandom random) {
    this.random = random;
    this.density = prevalence * (0.5 + random.nextDouble());
    double gamma = (exponential() + exponential() + exponential()) / 3;
    this.missed = Math.min(MOST_MISSED, meanMissed * gamma);
  }

  /** Draws the next tile. */
  void next() {
    truth =
        random.nextDouble() < EMPTY
            ? 0
            : Math.round(PIXELS * density * (0.2 + 1.6 * random.nextDouble()));
    double share = Math.min(1, missed * exponential());
    lost = Math.round(truth * share);
    wrong = Math.round(WRONG * truth * random.nextDouble());
    score = (share * truth / PIXELS + 0.02) * (0.2 + random.nextDouble());
  }

  long truth() {
    return truth;
  }

  long lost() {
    return lost;
  }

  long found() {
    return truth - lost;
  }

  long wrong() {
    return wrong;
  }

  double score() {
    return score;
  }

  private double exponential() {
    return -Math.log(1 - random.nextDouble());
  }
}
