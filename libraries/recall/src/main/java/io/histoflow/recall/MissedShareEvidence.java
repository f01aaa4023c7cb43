package io.histoflow.recall;

import java.nio.DoubleBuffer;

/**
 * Evidence that the expected share missed exceeds a level: wealth of a gambler who bets on it at
 * fair or worse odds, an e-process. While the level holds, it ever reaches 1 / delta with a
 * probability of at most delta (Ville, 1939), however often one looks; so an alarm at 1 / delta is
 * false with at most that probability, ever.
 *
 * <p>The value x of a slide changes a wealth by the factor 1 + l (x - level), with 0 &lt;= l &lt;=
 * 1 / (2 level) chosen before x is seen: the bet that grows fastest by what came before, "aGRAPA"
 * of Waudby-Smith and Ramdas, JRSS B 86 (2024), section B.3,
 *
 * <pre>l = max(0, m - level) / (s2 + (m - level)^2)</pre>
 *
 * with mean m and variance s2. One gambler learns from all slides, two from the latest {@value
 * #SHORT} and {@value #LONG}, which see a fall that comes late; the evidence is the mean of the
 * three, again an e-process.
 *
 * <p>Assumed: given earlier slides, a slide's expected value is at most the level. One value a
 * slide: the mean share missed over those of its drawn tiles that hold something to find.
 */
public final class MissedShareEvidence {
  private static final int SHORT = 20;
  private static final int LONG = 80;
  private static final double BOLDEST = 0.5;

  private final double level;
  private final Gambler[] gamblers = {
    new Gambler(SHORT), new Gambler(LONG), new Gambler(Integer.MAX_VALUE)
  };

  /** The latest values; that of slide k lies at k modulo its length. */
  private final double[] latest = new double[LONG + 1];

  private int count;

  /**
   * @param level highest expected share missed, above 0 and below 1
   */
  public MissedShareEvidence(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level is " + level + ", must be above 0 and below 1");
    }
    this.level = level;
  }

  /**
   * Goes on from what another one knew.
   *
   * @param state of one with the same level, as {@link #state} returns it
   */
  public MissedShareEvidence(double level, double[] state) {
    this(level);
    DoubleBuffer from = DoubleBuffer.wrap(state);
    count = (int) from.get();
    for (Gambler gambler : gamblers) {
      gambler.logWealth = from.get();
      gambler.sum = from.get();
      gambler.squares = from.get();
    }
    from.get(latest);
  }

  /** Returns all that it knows, some hundred bytes however many slides there were. */
  public double[] state() {
    DoubleBuffer to = DoubleBuffer.allocate(1 + 3 * gamblers.length + latest.length);
    to.put(count);
    for (Gambler gambler : gamblers) {
      to.put(gambler.logWealth).put(gambler.sum).put(gambler.squares);
    }
    return to.put(latest).array();
  }

  /** Adds the value of a slide, 0..1. */
  public void add(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("The value is " + value + ", must be 0..1");
    }
    for (Gambler gambler : gamblers) {
      gambler.see(value);
    }
    latest[count++ % latest.length] = value;
    for (Gambler gambler : gamblers) {
      gambler.learn();
    }
  }

  /** Returns the natural logarithm of the evidence; 0 at first. */
  public double logEvidence() {
    double most = Double.NEGATIVE_INFINITY;
    for (Gambler gambler : gamblers) {
      most = Math.max(most, gambler.logWealth);
    }
    double sum = 0;
    for (Gambler gambler : gamblers) {
      sum += Math.exp(gambler.logWealth - most);
    }
    return most + Math.log(sum / gamblers.length);
  }

  /**
   * Returns the evidence at which a group is alarmed, so that the alarms of all groups, however
   * many come, are false with a probability of at most {@code falseAlarms} together: group n of a
   * family has the share 1 / (n (n + 1)) of its family's, and these add up to 1.
   *
   * <p>Why together: the mean of all groups' evidence, each weighed by its share, is evidence that
   * any of them exceeds the level, whatever they have to do with each other (Vovk and Wang,
   * "E-values: calibration, combination and applications", Annals of Statistics 49, 2021, section
   * 3), and where one group reaches its limit, that mean has reached 1 / falseAlarms.
   *
   * @param falseAlarms above 0 and below 1
   * @param families equal parts of the groups, each numbered by itself
   * @param number of the group in its family, from 1
   * @return natural logarithm of the evidence
   */
  public static double limit(double falseAlarms, int families, int number) {
    return Math.log(families * (double) number * (number + 1) / falseAlarms);
  }

  /** Returns the number of slides. */
  public int count() {
    return count;
  }

  private final class Gambler {
    private final int window;
    private double logWealth;
    private double sum;
    private double squares;

    Gambler(int window) {
      this.window = window;
    }

    void see(double value) {
      int seen = Math.min(count, window);
      // Before there is anything to learn from: one value at the level, with a wide spread.
      double mean = (level + sum) / (seen + 1);
      double variance = (level * (1 - level) + squares - seen * square(sum, seen)) / (seen + 1);
      double gain = Math.max(0, mean - level);
      double bet = Math.min(BOLDEST / level, gain / (Math.max(variance, 1e-6) + gain * gain));
      logWealth += Math.log1p(bet * (value - level));
    }

    private double square(double total, int seen) {
      return seen == 0 ? 0 : total / seen * (total / seen);
    }

    void learn() {
      double newest = latest[(count - 1) % latest.length];
      sum += newest;
      squares += newest * newest;
      if (count > window) {
        double oldest = latest[(count - 1 - window) % latest.length];
        sum -= oldest;
        squares -= oldest * oldest;
      }
    }
  }
}
