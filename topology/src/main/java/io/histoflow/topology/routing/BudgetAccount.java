package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganPartition;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What is owed to an organ's review budget: an integral correction that keeps the routed share at
 * the budget however scores are distributed or ordered.
 *
 * <p>Each tile pays the budget in, each alert takes 1 out. A positive credit means that reviews are
 * owed and lowers the threshold; a negative one raises it. An account may be overdrawn by its
 * {@link #tolerance()} at most. Where {@value #MOST_OWED} tolerances are owed a tile pays nothing
 * in, so that a quiet time does not end in a flood.
 *
 * <p>What goes to review whatever the budget says (the floor) overdraws it further, and the tiles
 * below make up for it; where {@value #MOST_OVERDRAWN} tolerances are overdrawn an alert takes
 * nothing out, so that a flood does not end in a long silence. A tile that the reviewers' capacity
 * holds back pays like an alert: else every tile after it would seem owed, however certain.
 *
 * <p>These rules hold for the organ's account over all partitions. {@link OrganBudget} says what
 * part of it each router has booked.
 *
 * @param credit alerts owed, in tiles; negative where overdrawn
 * @param seen distinct tiles of the organ
 * @param routed alerts raised for them
 * @param heldBack tiles among them that the reviewers' capacity held back
 */
record BudgetAccount(double credit, long seen, long routed, long heldBack) {
  private static final double PLACES = 1e9;

  static final BudgetAccount EMPTY = new BudgetAccount(0, 0, 0, 0);

  private static final double TOLERANCE_AT_FIRST = 0.6;
  private static final double TOLERANCE_SHARE = 0.004;
  private static final long TOLERANCE_TILES = 500;
  private static final double MOST_OWED = 2;
  private static final double MOST_OVERDRAWN = 10;

  private static final double MOST_OVERDRAWN_BY_INK = 4;

  /** Small, so that the threshold hardly moves while the account is about even. */
  private static final double LINEAR_GAIN = 0.2;

  /** Of the fifth power of the deviation: felt only where the account nears its tolerance. */
  private static final double EDGE_GAIN = 20;

  private static final double EDGE_POWER = 5;

  /** Rounds to a billionth, so that a credit does not depend on how it was added up. */
  BudgetAccount {
    credit = rounded(credit);
  }

  /** Returns what a router told that it has booked. */
  static BudgetAccount of(OrganPartition told) {
    return new BudgetAccount(
        told.getCredit(), told.getTilesSeen(), told.getTilesRouted(), told.getTilesHeldBack());
  }

  /** Returns this as what the router of a partition tells. */
  OrganPartition bookedBy(int partition) {
    return new OrganPartition(partition, seen, routed, heldBack, credit);
  }

  /** Returns the sum of two parts of an account. */
  BudgetAccount plus(BudgetAccount other) {
    return new BudgetAccount(
        credit + other.credit, seen + other.seen, routed + other.routed, heldBack + other.heldBack);
  }

  /** Returns what remains of an account without a part of it. */
  BudgetAccount minus(BudgetAccount part) {
    return new BudgetAccount(
        credit - part.credit, seen - part.seen, routed - part.routed, heldBack - part.heldBack);
  }

  /** Returns the account after one more tile. */
  BudgetAccount afterTile(double budget) {
    BudgetAccount next = new BudgetAccount(credit, seen + 1, routed, heldBack);
    double paidIn = Math.max(0, Math.min(budget, next.most() - credit));
    return next.withCredit(credit + paidIn);
  }

  /** Returns the account after one more alert. */
  BudgetAccount afterAlert() {
    return new BudgetAccount(credit - takenOut(), seen, routed + 1, heldBack);
  }

  /** Returns the account after an alert for background, which is counted nowhere else. */
  BudgetAccount afterBackgroundAlert() {
    return withCredit(credit - takenOut());
  }

  /** Returns the account after a tile that the reviewers' capacity held back. */
  BudgetAccount afterHoldingBack() {
    return new BudgetAccount(credit - takenOut(), seen, routed, heldBack + 1);
  }

  private double takenOut() {
    return Math.max(0, Math.min(1, credit - least()));
  }

  /**
   * Returns what has to be forgotten, in alerts, for the credit to be within what is ever owed or
   * overdrawn: negative where more is owed, positive where more is overdrawn.
   */
  double excess() {
    return rounded(Math.max(least(), Math.min(credit, most())) - credit);
  }

  private static double rounded(double alerts) {
    return Math.rint(alerts * PLACES) / PLACES + 0.0;
  }

  private double most() {
    return MOST_OWED * tolerance();
  }

  private double least() {
    return -MOST_OVERDRAWN * tolerance();
  }

  /** Returns the account with another credit. */
  BudgetAccount withCredit(double other) {
    return new BudgetAccount(other, seen, routed, heldBack);
  }

  /** Says whether one more alert keeps the account within its tolerance. */
  boolean allowsAlert() {
    return credit - 1 >= -tolerance();
  }

  /**
   * Says whether an alert for pen ink, which no score tells from harmless tiles, keeps the account
   * within {@value #MOST_OVERDRAWN_BY_INK} tolerances.
   */
  boolean allowsInk() {
    return credit - 1 >= -MOST_OVERDRAWN_BY_INK * tolerance();
  }

  /**
   * Returns the share of tiles to route just now: the budget where the account is even, more where
   * reviews are owed (at a budget of 10 %, everything when about a tolerance is), less where it is
   * overdrawn.
   *
   * @param budget share of tiles that may go to review, 0..1
   * @return share, 0..1
   */
  double shareToRoute(double budget) {
    double deviation = credit / tolerance();
    double factor = 1 + LINEAR_GAIN * deviation + EDGE_GAIN * Math.pow(deviation, EDGE_POWER);
    return Math.max(0, Math.min(1, budget * factor));
  }

  /** Returns by how many tiles the account may be off: 0.6 at first, 2.6 from 500 tiles on. */
  double tolerance() {
    return TOLERANCE_AT_FIRST + TOLERANCE_SHARE * Math.min(seen, TOLERANCE_TILES);
  }

  /** Returns by how many alerts for ink an account may be overdrawn in the end: 10.4. */
  static double mostOverdrawnByInk() {
    return MOST_OVERDRAWN_BY_INK * largestTolerance();
  }

  /** Returns the tolerance that an account reaches in the end: 2.6. */
  static double largestTolerance() {
    return TOLERANCE_AT_FIRST + TOLERANCE_SHARE * TOLERANCE_TILES;
  }

  /** Writes all fields. */
  void write(DataOutput out) throws IOException {
    out.writeDouble(credit);
    out.writeLong(seen);
    out.writeLong(routed);
    out.writeLong(heldBack);
  }

  /** Reads what {@link #write} wrote. */
  static BudgetAccount read(DataInput in) throws IOException {
    return new BudgetAccount(in.readDouble(), in.readLong(), in.readLong(), in.readLong());
  }
}
