package io.histoflow.topology.summaries;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * What a router tells of one organ since it last told: a few kilobytes, however many tiles there
 * were.
 *
 * @param kind which scores they are
 * @param scores sketch of the scores
 * @param tilesSeen distinct tiles since then
 * @param tilesRouted alerts raised since then
 * @param tilesHeldBack tiles since then that the reviewers' capacity held back
 * @param figures what drift is looked for in, by scanner; the empty name stands for tiles that name
 *     none
 */
public record ScoreSummary(
    ScoreKind kind,
    KllDoublesSketch scores,
    long tilesSeen,
    long tilesRouted,
    long tilesHeldBack,
    Map<String, TileFigures> figures) {
  /** Names come from outside; a summary must fit one record. */
  private static final int MOST_SCANNERS = 1_000;

  /** Returns the summary of no tile. */
  public static ScoreSummary empty(ScoreKind kind) {
    return new ScoreSummary(kind, Sketches.empty(), 0, 0, 0, new TreeMap<>());
  }

  /**
   * Adds one tile, in place and to the counts of the result.
   *
   * @param score its routing score
   * @param meanEntropy bits per pixel
   * @param positiveFraction share of its pixels that are positive, 0..1
   * @param scanner its scanner; the empty name where it names none
   * @param outcome what became of it
   */
  public ScoreSummary plus(
      double score, double meanEntropy, double positiveFraction, String scanner, Outcome outcome) {
    scores.update(score);
    boolean named = figures.containsKey(scanner) || figures.size() < MOST_SCANNERS;
    figures
        .computeIfAbsent(named ? scanner : "", name -> TileFigures.empty())
        .add(meanEntropy, positiveFraction);
    return new ScoreSummary(
        kind,
        scores,
        tilesSeen + 1,
        tilesRouted + (outcome == Outcome.ROUTED ? 1 : 0),
        tilesHeldBack + (outcome == Outcome.HELD_BACK ? 1 : 0),
        figures);
  }

  /** Writes all fields. */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(kind.scoreName());
    out.writeLong(kind.modelVersion());
    Sketches.write(out, scores);
    out.writeLong(tilesSeen);
    out.writeLong(tilesRouted);
    out.writeLong(tilesHeldBack);
    out.writeInt(figures.size());
    for (Map.Entry<String, TileFigures> scanner : figures.entrySet()) {
      out.writeUTF(scanner.getKey());
      scanner.getValue().write(out);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static ScoreSummary read(DataInput in) throws IOException {
    ScoreSummary summary =
        new ScoreSummary(
            new ScoreKind(in.readUTF(), in.readLong()),
            Sketches.read(in),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            new TreeMap<>());
    for (int scanners = in.readInt(); scanners > 0; scanners--) {
      summary.figures.put(in.readUTF(), TileFigures.read(in));
    }
    return summary;
  }

  /** What becomes of a tile. */
  public enum Outcome {
    /** It goes to review. */
    ROUTED,
    /** It would, had reviewers the capacity. */
    HELD_BACK,
    /** It does not. */
    NOT_ROUTED
  }
}
