package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.topology.routing.PublishedThresholds.Published;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An organ's review budget over all partitions, as one router knows it. The organ's account is the
 * sum of what each router has booked and of what the threshold keeper forgets; a router decides by
 * that sum, and books as its own what one of its tiles moves it by.
 *
 * <p>A router knows its own alerts at once, those of others only when they are published. So the
 * sum may leave the bounds that each router keeps to, and only the keeper, which hears of all,
 * forgets what lies beyond them: were each router to do so, six would forget it six times. For the
 * same reason a router may book {@link BudgetAccount#largestTolerance()} alerts at most beyond what
 * its tiles have paid in since its part was last published: were all routers to spend what is owed
 * at the same moment, or the publishing to stand still, the organ would be overdrawn by that much
 * for each router and no more.
 *
 * @param own what this router has booked
 * @param others what all others have booked and what was forgotten, as last published
 * @param told this router's own credit, as last published
 */
record OrganBudget(BudgetAccount own, BudgetAccount others, double told) {
  static final OrganBudget EMPTY = new OrganBudget(BudgetAccount.EMPTY, BudgetAccount.EMPTY, 0);

  /**
   * Returns the budget by what is published now. Where that says nothing of partitions, which its
   * contract allows, what was last known of others holds.
   *
   * @param published what is published of the organ
   * @param partition this router's partition
   */
  OrganBudget asPublished(Published published, int partition) {
    if (published.routers().isEmpty()) {
      return this;
    }
    BudgetAccount sum = BudgetAccount.EMPTY.withCredit(published.forgotten());
    double toldNow = 0;
    for (OrganPartition router : published.routers()) {
      if (router.getPartition() != partition) {
        sum = sum.plus(BudgetAccount.of(router));
      } else if (router.getTilesSeen() <= own.seen()) {
        toldNow = router.getCredit();
      }
    }
    return new OrganBudget(own, sum, toldNow);
  }

  /** Returns the organ's account. */
  BudgetAccount organ() {
    return own.plus(others);
  }

  /** Returns the budget after one more tile of this router. */
  OrganBudget afterTile(double budget) {
    return booking(organ().afterTile(budget));
  }

  /** Returns the budget after one more alert of this router. */
  OrganBudget afterAlert() {
    return booking(organ().afterAlert());
  }

  /** Returns the budget after an alert of this router for background. */
  OrganBudget afterBackgroundAlert() {
    return booking(organ().afterBackgroundAlert());
  }

  /** Returns the budget after the reviewers' capacity held back a tile of this router. */
  OrganBudget afterHoldingBack() {
    return booking(organ().afterHoldingBack());
  }

  private OrganBudget booking(BudgetAccount organ) {
    return new OrganBudget(organ.minus(others), others, told);
  }

  /** Says whether no tile of the organ has been wanted for review so far, as far as is known. */
  boolean isUntouched() {
    return organ().routed() + organ().heldBack() == 0;
  }

  /** Says whether one more alert keeps to the tolerances. */
  boolean allowsAlert() {
    return organ().allowsAlert() && own.credit() - told - 1 >= -BudgetAccount.largestTolerance();
  }

  /** Says whether one more alert for pen ink keeps to the tolerances of such alerts. */
  boolean allowsInk() {
    return organ().allowsInk() && own.credit() - told - 1 >= -BudgetAccount.mostOverdrawnByInk();
  }

  /** Writes all fields. */
  void write(DataOutput out) throws IOException {
    own.write(out);
    others.write(out);
    out.writeDouble(told);
  }

  /** Reads what {@link #write} wrote. */
  static OrganBudget read(DataInput in) throws IOException {
    return new OrganBudget(BudgetAccount.read(in), BudgetAccount.read(in), in.readDouble());
  }
}
