package io.histoflow.ihc.registration;

/** Sums over pairs of values, from which means, deviations and their correlation follow. */
final class Moments {
  private long count;
  private double fixed;
  private double moving;
  private double fixedSquares;
  private double movingSquares;
  private double products;

  void add(double f, double m) {
    count++;
    fixed += f;
    moving += m;
    fixedSquares += f * f;
    movingSquares += m * m;
    products += f * m;
  }

  long count() {
    return count;
  }

  double fixedMean() {
    return fixed / count;
  }

  double movingMean() {
    return moving / count;
  }

  double fixedDeviation() {
    return Math.sqrt(Math.max(0, fixedSquares / count - fixedMean() * fixedMean()));
  }

  double movingDeviation() {
    return Math.sqrt(Math.max(0, movingSquares / count - movingMean() * movingMean()));
  }

  /** Returns Pearson's correlation; -1 where either has no contrast. */
  double correlation() {
    double deviations = fixedDeviation() * movingDeviation();
    return count == 0 || !(deviations > 1e-9)
        ? -1
        : (products / count - fixedMean() * movingMean()) / deviations;
  }
}
