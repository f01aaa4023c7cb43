package io.histoflow.studies.routing;

/**
 * Missed pixels that the picked tiles hold.
 *
 * @param held by the tiles that a score picks
 * @param random expected of as many tiles picked at random
 * @param oracle by the tiles that hold most
 * @param total in all tiles
 */
record Holding(double held, double random, double oracle, double total) {

  static final Holding NOTHING = new Holding(0, 0, 0, 0);

  Holding plus(Holding other) {
    return new Holding(
        held + other.held, random + other.random, oracle + other.oracle, total + other.total);
  }

  /** Share of all missed pixels, 0..1; NaN where none is missed. */
  double heldShare() {
    return held / total;
  }

  double randomShare() {
    return random / total;
  }

  double oracleShare() {
    return oracle / total;
  }

  /**
   * The share of the gap between random choice and the oracle that the score closes: 0 is as good
   * as chance, 1 perfect, below 0 worse than chance; NaN where there is no gap.
   */
  double gapClosed() {
    return oracle > random ? (held - random) / (oracle - random) : Double.NaN;
  }
}
