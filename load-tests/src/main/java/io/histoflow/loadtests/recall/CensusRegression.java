package io.histoflow.loadtests.recall;

/**
 * What the estimate would be, did it know of every tile that nobody saw what the network said of
 * it: the regression estimator (Saerndal, Swensson and Wretman, "Model Assisted Survey Sampling",
 * 1992, section 6.4) on the number of tiles, the pixels found positive and the routing score. The
 * topology does not count these; the bench shows what it would gain by it.
 */
final class CensusRegression {
  private static final int SIZE = 3;
  private static final double PIXELS = 1_000;

  private final double[] census = new double[SIZE];
  private final double[][] products = new double[SIZE][SIZE];
  private final double[] found = new double[SIZE];
  private final double[] missed = new double[SIZE];
  private double routedFound;
  private double routedMissed;

  /** Counts a tile that the score sent to review. */
  void addRouted(SimulatedSlide tile) {
    routedFound += tile.found();
    routedMissed += tile.lost();
  }

  /**
   * Counts another tile.
   *
   * @param drawn whether chance sent it there
   */
  void add(SimulatedSlide tile, boolean drawn) {
    double[] known = {1, (tile.found() + tile.wrong()) / PIXELS, tile.score()};
    for (int i = 0; i < SIZE; i++) {
      census[i] += known[i];
      if (drawn) {
        found[i] += known[i] * tile.found();
        missed[i] += known[i] * tile.lost();
        for (int j = 0; j < SIZE; j++) {
          products[i][j] += known[i] * known[j];
        }
      }
    }
  }

  /** Returns the estimated recall. */
  double recall() {
    // All drawn tiles weigh the same, so residuals add up to nothing.
    double[] weights = solved(products, census);
    double allFound = routedFound + dot(weights, found);
    double allMissed = routedMissed + dot(weights, missed);
    return allFound / (allFound + allMissed);
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < SIZE; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  /** Solves a symmetric positive definite system by Gaussian elimination. */
  private static double[] solved(double[][] matrix, double[] right) {
    double[][] rows = new double[SIZE][];
    double[] solution = right.clone();
    for (int i = 0; i < SIZE; i++) {
      rows[i] = matrix[i].clone();
    }
    for (int pivot = 0; pivot < SIZE; pivot++) {
      for (int row = 0; row < SIZE; row++) {
        if (row != pivot) {
          double factor = rows[row][pivot] / rows[pivot][pivot];
          for (int column = pivot; column < SIZE; column++) {
            rows[row][column] -= factor * rows[pivot][column];
          }
          solution[row] -= factor * solution[pivot];
        }
      }
    }
    for (int i = 0; i < SIZE; i++) {
      solution[i] /= rows[i][i];
    }
    return solution;
  }
}
