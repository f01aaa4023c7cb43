package io.histoflow.loadtests.recall;

import io.histoflow.recall.Counts;
import io.histoflow.recall.MissedShareEvidence;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.RecallEstimator;
import io.histoflow.recall.RecallEstimator.Unit;
import io.histoflow.recall.RecallEstimator.Whose;
import io.histoflow.recall.SlideSums;
import io.histoflow.recall.Stratum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One organ of one deployment: tiles in slides, those of them that go to review, and what is
 * estimated of them, by the code that the topology runs.
 */
final class SimulatedOrgan {
  static final double LEVEL = 0.08;
  static final double FALLEN = 0.14;
  static final double BUDGET = 0.1;
  static final double AUDITED = 0.02;
  static final double FALSE_ALARMS = 0.05;

  /** Of the topology, and the one place for all organs. */
  static final int PARTITIONS = 6;

  static final int FAMILIES = PARTITIONS + 1;
  private static final double BY_SCORE = (BUDGET - AUDITED) / (1 - AUDITED);
  private static final double DRIFT = 0.4;
  private static final int PILOT = 100_000;
  private static final int MOST_TILES_TO_ALARM = 200_000;

  private final boolean falls;
  private final double limit;
  private final SplittableRandom random;
  private final List<SlideSums> slides = new ArrayList<>();
  private final MissedShareEvidence evidence = new MissedShareEvidence(LEVEL);
  private final List<Settled> settled = new ArrayList<>();
  private final CensusRegression census = new CensusRegression();
  private final double[] drawn = new double[2];
  private final double[] asMany = new double[2];
  private final double[] all = new double[2];
  private double waiting = Double.NaN;
  private int tiles;
  private int alarmedAt = -1;

  /**
   * @param number of the organ, from 0
   * @param falls whether the model gets worse half-way
   */
  SimulatedOrgan(int number, boolean falls, SplittableRandom random) {
    this.falls = falls;
    this.limit = MissedShareEvidence.limit(FALSE_ALARMS, FAMILIES, number / PARTITIONS + 1);
    this.random = random;
  }

  /**
   * Simulates the tiles.
   *
   * @param count of tiles that the estimate rests on
   * @param thresholds that scores have to reach, before and after the fall
   */
  Outcome run(int count, double[] thresholds) {
    while (tiles < count) {
      slide(count, thresholds, true);
    }
    Ratio recall = RecallEstimator.totals(slides, Unit.PIXELS, Whose.MODEL).orElseThrow().recall();
    Ratio system = RecallEstimator.totals(slides, Unit.PIXELS, Whose.SYSTEM).orElseThrow().recall();
    boolean falseAlarm = alarmedAt >= 0 && (!falls || alarmedAt < count / 2);
    while (falls && !falseAlarm && alarmedAt < 0 && tiles < count / 2 + MOST_TILES_TO_ALARM) {
      slide(count, thresholds, false);
    }
    return new Outcome(
        recall,
        system,
        all[0],
        all[1],
        drawn[0] / (drawn[0] + drawn[1]),
        asMany[0] / (asMany[0] + asMany[1]),
        census.recall(),
        falseAlarm,
        falls && !falseAlarm && alarmedAt >= 0 ? alarmedAt - count / 2 : -1);
  }

  /** Returns its slides that are evidence, in order. */
  List<Settled> settled() {
    return List.copyOf(settled);
  }

  /**
   * Returns whether all organs together are alarmed.
   *
   * @param slides of all of them, in any order
   */
  static boolean alarmsAllOrgans(List<Settled> slides) {
    MissedShareEvidence together = new MissedShareEvidence(LEVEL);
    double limit = MissedShareEvidence.limit(FALSE_ALARMS, FAMILIES, 1);
    for (Settled slide : slides.stream().sorted(Comparator.comparingInt(Settled::tiles)).toList()) {
      together.add(slide.missedShare());
      if (together.logEvidence() >= limit) {
        return true;
      }
    }
    return false;
  }

  private void slide(int count, double[] thresholds, boolean counts) {
    boolean fallen = falls && tiles >= count / 2;
    SimulatedSlide slide =
        new SimulatedSlide(fallen ? FALLEN : LEVEL, prevalence(tiles, count), random);
    double threshold = thresholds[fallen ? 1 : 0];
    long[] routed = new long[4];
    long[] audited = new long[4];
    double shares = 0;
    int positive = 0;
    int size = random.nextInt(SimulatedSlide.LEAST_TILES, SimulatedSlide.MOST_TILES + 1);
    for (int t = 0; t < size; t++) {
      slide.next();
      tiles++;
      boolean byScore = slide.score() >= threshold;
      boolean byChance = random.nextDouble() < AUDITED;
      if (byScore || byChance) {
        add(byScore ? routed : audited, slide);
      }
      if (byChance && slide.truth() > 0) {
        // A verdict on another slide's drawn tile: the slide before is evidence now.
        settle();
        shares += (double) slide.lost() / slide.truth();
        positive++;
      }
      if (counts) {
        count(all, slide, true);
        if (byScore) {
          census.addRouted(slide);
        } else {
          census.add(slide, byChance);
        }
        count(drawn, slide, byChance);
        count(asMany, slide, random.nextDouble() < BUDGET);
      }
    }
    if (positive > 0) {
      waiting = shares / positive;
    }
    if (counts) {
      SortedMap<Double, Stratum> strata = new TreeMap<>();
      put(strata, 1, routed);
      put(strata, AUDITED, audited);
      slides.add(new SlideSums(strata));
    }
  }

  private void settle() {
    if (!Double.isNaN(waiting)) {
      evidence.add(waiting);
      settled.add(new Settled(tiles, waiting));
      waiting = Double.NaN;
      if (alarmedAt < 0 && evidence.logEvidence() >= limit) {
        alarmedAt = tiles;
      }
    }
  }

  private static void add(long[] sums, SimulatedSlide slide) {
    sums[0]++;
    sums[1] += slide.found();
    sums[2] += slide.lost();
    sums[3] += slide.wrong();
  }

  private static void count(double[] sums, SimulatedSlide slide, boolean counts) {
    if (counts) {
      sums[0] += slide.found();
      sums[1] += slide.lost();
    }
  }

  private static void put(SortedMap<Double, Stratum> strata, double probability, long[] sums) {
    if (sums[0] > 0) {
      strata.put(
          probability,
          new Stratum(sums[0], sums[0], new Counts(sums[1], sums[2], sums[3]), Counts.NONE));
    }
  }

  /** Returns how dense slides are after some of the tiles, beside what they are on average. */
  static double prevalence(int tiles, int count) {
    return 1 + DRIFT * Math.sin(2 * Math.PI * tiles / count);
  }

  /** Returns the score that the share of tiles reach that the budget leaves to scores. */
  static double threshold(double meanMissed, SplittableRandom random) {
    double[] scores = new double[PILOT];
    SimulatedSlide slide = null;
    for (int t = 0; t < PILOT; t++) {
      if (t % SimulatedSlide.LEAST_TILES == 0) {
        slide = new SimulatedSlide(meanMissed, 1, random);
      }
      slide.next();
      scores[t] = slide.score();
    }
    Arrays.sort(scores);
    return scores[(int) ((1 - BY_SCORE) * PILOT)];
  }

  /**
   * A slide that became evidence.
   *
   * @param tiles of its organ by then
   * @param missedShare mean share missed of its drawn tiles
   */
  record Settled(int tiles, double missedShare) {}

  /**
   * What came of it.
   *
   * @param recall the model's, estimated
   * @param system of model and review, estimated
   * @param found over all tiles
   * @param missed over all tiles
   * @param drawnAlone recall of the tiles that chance drew, and no others
   * @param asManyAlone recall of a simple random sample of as many tiles as were reviewed
   * @param withCensus recall, had every tile been counted that nobody saw
   * @param falseAlarm whether it was alarmed while the level held
   * @param tilesToAlarm tiles from the fall to the alarm; -1 where there was none
   */
  record Outcome(
      Ratio recall,
      Ratio system,
      double found,
      double missed,
      double drawnAlone,
      double asManyAlone,
      double withCensus,
      boolean falseAlarm,
      int tilesToAlarm) {
    /** Returns the recall over all tiles. */
    double truth() {
      return found / (found + missed);
    }
  }
}
