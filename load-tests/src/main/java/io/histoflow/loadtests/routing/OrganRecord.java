package io.histoflow.loadtests.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@link RoutingBench} notes of one organ: its tiles' scores and which were routed, in order.
 */
final class OrganRecord {
  static final int NEVER = -1;

  private final BitSet routed = new BitSet();
  private final List<Double> scores = new ArrayList<>();
  private final int[] changes = {NEVER, NEVER};
  private int tiles;
  private int alarmedAt = NEVER;
  private int falseAlarms;

  /** Notes that the next tile is about to be routed. */
  void comes(double score) {
    scores.add(score);
  }

  /** Notes whether it was. */
  void add(boolean isRouted) {
    routed.set(tiles, isRouted);
    tiles++;
  }

  /** Notes that a change comes before the next tile: 0 the stain, 1 the model. */
  void change(int number) {
    changes[number] = tiles;
  }

  /**
   * Notes a drift alarm.
   *
   * @param expected whether the stain has shifted under this organ's reference
   */
  void alarm(boolean expected) {
    if (!expected || alarmedAt != NEVER) {
      falseAlarms++;
    } else {
      alarmedAt = tiles;
    }
  }

  int tiles() {
    return tiles;
  }

  int routed() {
    return routed.cardinality();
  }

  int falseAlarms() {
    return falseAlarms;
  }

  /** Returns after how many tiles the shift was alarmed; {@value #NEVER} where it was not. */
  int alarmedAfter() {
    return alarmedAt == NEVER ? NEVER : alarmedAt - changes[0];
  }

  /** Returns the routed share of the tiles before a position, of at most {@code window} tiles. */
  double shareBefore(int position, int window) {
    int from = Math.max(0, position - window);
    return (double) routed.get(from, position).cardinality() / (position - from);
  }

  /**
   * Returns the largest difference from the budget of the share of any {@code window} tiles in a
   * row, from the first {@code window} on; those that end less than a window after a change are
   * left out: the organ has a window to come back.
   */
  double largestError(double budget, int window) {
    double largest = 0;
    int inWindow = 0;
    for (int end = 1; end <= tiles; end++) {
      inWindow += routed.get(end - 1) ? 1 : 0;
      if (end > window) {
        inWindow -= routed.get(end - 1 - window) ? 1 : 0;
      }
      if (end >= 2 * window && !isSettling(end, window)) {
        largest = Math.max(largest, Math.abs(inWindow - budget * window) / window);
      }
    }
    return largest;
  }

  /**
   * Returns how many of the routed tiles an oracle would have routed as well: those whose score is
   * among the highest {@code budget} of its phase, from one change to the next. Equal scores all
   * count.
   */
  int routedOfTop(double budget) {
    int[] bounds =
        IntStream.concat(IntStream.of(0, tiles), Arrays.stream(changes).filter(c -> c != NEVER))
            .sorted()
            .toArray();
    int found = 0;
    for (int phase = 1; phase < bounds.length; phase++) {
      found += routedOfTop(bounds[phase - 1], bounds[phase], budget);
    }
    return found;
  }

  private int routedOfTop(int from, int to, double budget) {
    int best = (int) Math.round(budget * (to - from));
    if (best == 0) {
      return 0;
    }
    double[] ascending =
        scores.subList(from, to).stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double threshold = ascending[ascending.length - best];
    return (int)
        routed.stream().filter(t -> t >= from && t < to && scores.get(t) >= threshold).count();
  }

  private boolean isSettling(int end, int window) {
    return Arrays.stream(changes)
        .anyMatch(change -> change != NEVER && end > change && end < change + window);
  }
}
