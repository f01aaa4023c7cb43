package io.histoflow.topology;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a router tells of one organ since it last told: a few kilobytes, however many tiles there
 * were.
 *
 * @param kind which scores they are
 * @param scores sketch of the scores
 * @param tilesSeen distinct tiles since then
 * @param tilesRouted alerts raised since then
 */
record ScoreSummary(ScoreKind kind, KllDoublesSketch scores, long tilesSeen, long tilesRouted) {

  static ScoreSummary empty(ScoreKind kind) {
    return new ScoreSummary(kind, ScoreDistribution.emptySketch(), 0, 0);
  }

  /** Adds one tile, in place and to the counts of the result. */
  ScoreSummary plus(double score, boolean routed) {
    scores.update(score);
    return new ScoreSummary(kind, scores, tilesSeen + 1, tilesRouted + (routed ? 1 : 0));
  }

  static Serde<ScoreSummary> serde() {
    return new StateSerde<>("score summary", (summary, out) -> summary.write(out), in -> read(in));
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(kind.scoreName());
    out.writeLong(kind.modelVersion());
    ScoreHistory.writeSketch(out, scores);
    out.writeLong(tilesSeen);
    out.writeLong(tilesRouted);
  }

  static ScoreSummary read(DataInput in) throws IOException {
    return new ScoreSummary(
        new ScoreKind(in.readUTF(), in.readLong()),
        ScoreHistory.readSketch(in),
        in.readLong(),
        in.readLong());
  }
}
