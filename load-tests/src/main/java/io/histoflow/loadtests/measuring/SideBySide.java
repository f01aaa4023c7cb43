package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many times as much as what it stands beside: a ratio for each round, in which both took their
 * turns, so that other work on the machine met both. The figure is the median of the rounds.
 *
 * <p>It counts as measured where its interval is narrow and no more than possible: from six rounds
 * on the narrowest of order statistics that holds the true median in 95 of 100 repetitions (the
 * sign test turned round; Conover, Practical Nonparametric Statistics, 3.2), with fewer from the
 * least to the most.
 *
 * @param rounds the ratios, sorted, at least one
 * @param highest most that is possible; infinite where nothing is known
 */
public record SideBySide(List<Double> rounds, double highest) {
  /** Half an interval's width, as a share of the median, beyond which nothing was measured. */
  static final double WIDEST = 0.15;

  /** So far above what is possible chance may lie. */
  static final double SLACK = 1.05;

  /** With fewer rounds nobody can say how far they scatter. */
  static final int FEWEST_TO_JUDGE = 3;

  private static final double CONFIDENCE = 0.95;

  /** Sorts the ratios. */
  public SideBySide {
    rounds = new Rates(rounds).values();
  }

  /**
   * Divides round by round.
   *
   * @param ours a figure a round
   * @param theirs as many of the other's, in the same order
   * @param highest most that the ratio can be
   */
  public static SideBySide of(List<Double> ours, List<Double> theirs, double highest) {
    if (ours.size() != theirs.size()) {
      throw new IllegalArgumentException("Both sides need a figure of each round.");
    }
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return new SideBySide(ratios, highest);
  }

  /** Returns the figure. */
  public double median() {
    return new Rates(rounds).median();
  }

  /** Returns the lower end of the interval. */
  public double lower() {
    return rounds.get(outside());
  }

  /** Returns the upper end of the interval. */
  public double upper() {
    return rounds.get(rounds.size() - 1 - outside());
  }

  /** Returns why there is no figure, a sentence; empty where there is one. */
  public Optional<String> doubt() {
    if (median() > highest * SLACK) {
      return Optional.of(
          Figures.text("%.2f was measured, and more than %.2f is not possible", median(), highest));
    }
    if (rounds.size() >= FEWEST_TO_JUDGE && (upper() - lower()) / 2 > WIDEST * median()) {
      return Optional.of(
          Figures.text(
              "after %d rounds it may be anything from %.2f to %.2f",
              rounds.size(), lower(), upper()));
    }
    return Optional.empty();
  }

  /** Returns the figure with its interval, for people; where there is none it says so. */
  public String text() {
    if (doubt().isPresent()) {
      return "not measurable";
    }
    return rounds.size() < FEWEST_TO_JUDGE
        ? Figures.text("%.2f (too few rounds to say how sure)", median())
        : Figures.text("%.2f (%.2f to %.2f)", median(), lower(), upper());
  }

  /** Returns {@code {"median", "lower", "upper", "rounds"}}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("median", median()).put("lower", lower()).put("upper", upper());
    rounds.forEach(json.putArray("rounds")::add);
    return json;
  }

  /** How many rounds lie outside the interval at each of its ends. */
  private int outside() {
    int n = rounds.size();
    double below = Math.pow(0.5, n);
    double term = below;
    int left = 0;
    while (2 * (below + term * (n - left) / (left + 1)) <= 1 - CONFIDENCE) {
      term *= (double) (n - left) / (left + 1);
      below += term;
      left++;
    }
    return 2 * Math.pow(0.5, n) <= 1 - CONFIDENCE ? left : 0;
  }
}
