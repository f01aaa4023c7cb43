package io.histoflow.topology.routing;

/**
 * What one router owes to one organ's review budget: an integral correction that keeps the routed
 * share at the budget however scores are distributed or ordered.
 *
 * <p>Each tile pays the budget in, each alert takes 1 out. A positive credit means that reviews are
 * owed and lowers the threshold; a negative one raises it. An account may be overdrawn by its
 * {@link #tolerance()} at most, and a credit above {@value #MOST_OWED} tolerances is forgotten, so
 * that a quiet time does not end in a flood.
 *
 * <p>What goes to review whatever the budget says (the floor) overdraws it further, and the tiles
 * below make up for it; a debt beyond {@value #MOST_OVERDRAWN} tolerances is forgotten, so that a
 * flood does not end in a long silence. A tile that the reviewers' capacity holds back pays like an
 * alert: else every tile after it would seem owed, however certain. Several routers of an organ
 * (one per partition) each keep their own account; together they miss the budget by at most their
 * tolerances.
 *
 * @param credit alerts owed, in tiles; negative where overdrawn
 * @param seen distinct tiles of the organ
 * @param routed alerts raised for them
 * @param heldBack tiles among them that the reviewers' capacity held back
 */
record BudgetAccount(double credit, long seen, long routed, long heldBack) {
  static final BudgetAccount EMPTY = new BudgetAccount(0, 0, 0, 0);

  private static final double TOLERANCE_AT_FIRST = 0.6;
  private static final double TOLERANCE_SHARE = 0.004;
  private static final long TOLERANCE_TILES = 500;
  private static final double MOST_OWED = 2;
  private static final double MOST_OVERDRAWN = 10;
  private static final double LINEAR_GAIN = 0.5;
  private static final double QUADRATIC_GAIN = 2.5;

  /** Returns the account after one more tile. */
  BudgetAccount afterTile(double budget) {
    BudgetAccount next = new BudgetAccount(credit + budget, seen + 1, routed, heldBack);
    double most = MOST_OWED * next.tolerance();
    return next.credit > most ? new BudgetAccount(most, next.seen, routed, heldBack) : next;
  }

  /** Returns the account after one more alert. */
  BudgetAccount afterAlert() {
    return new BudgetAccount(afterPayment(), seen, routed + 1, heldBack);
  }

  /** Returns the account after a tile that the reviewers' capacity held back. */
  BudgetAccount afterHoldingBack() {
    return new BudgetAccount(afterPayment(), seen, routed, heldBack + 1);
  }

  private double afterPayment() {
    return Math.max(credit - 1, -MOST_OVERDRAWN * tolerance());
  }

  /** Says whether one more alert keeps the account within its tolerance. */
  boolean allowsAlert() {
    return credit - 1 >= -tolerance();
  }

  /**
   * Returns the share of tiles to route just now: the budget where the account is even, more where
   * reviews are owed (everything, when about two tolerances are), less where it is overdrawn.
   *
   * @param budget share of tiles that may go to review, 0..1
   * @return share, 0..1
   */
  double shareToRoute(double budget) {
    double deviation = credit / tolerance();
    double factor = 1 + LINEAR_GAIN * deviation + QUADRATIC_GAIN * deviation * Math.abs(deviation);
    return Math.max(0, Math.min(1, budget * factor));
  }

  /** Returns by how many tiles the account may be off: 0.6 at first, 2.6 from 500 tiles on. */
  double tolerance() {
    return TOLERANCE_AT_FIRST + TOLERANCE_SHARE * Math.min(seen, TOLERANCE_TILES);
  }
}
