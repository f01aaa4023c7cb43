package io.histoflow.topology.routing;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary.Outcome;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * A tile as it changed what a router keeps of its organ.
 *
 * @param kind which score it has
 * @param score its routing score
 * @param meanEntropy bits per pixel
 * @param positiveFraction share of its pixels that are positive, 0..1
 * @param scanner its scanner; the empty name where it names none
 * @param outcome what became of it
 * @param budget what the router knew of the organ's budget after it
 * @param told whether the keeper was told of all tiles up to this one
 */
record TileCounted(
    ScoreKind kind,
    double score,
    double meanEntropy,
    double positiveFraction,
    String scanner,
    Outcome outcome,
    OrganBudget budget,
    boolean told) {

  static TileCounted of(TileSegmented tile, ScoreKind kind, Outcome outcome, OrganBudget budget) {
    return new TileCounted(
        kind,
        tile.getRoutingScore(),
        tile.getMeanEntropy(),
        tile.getPositiveFraction(),
        tile.getScanner() == null ? "" : tile.getScanner(),
        outcome,
        budget,
        false);
  }

  /** Returns the same tile, of which the keeper was told at once. */
  TileCounted andTold() {
    return new TileCounted(
        kind, score, meanEntropy, positiveFraction, scanner, outcome, budget, true);
  }

  static Serde<TileCounted> serde() {
    return new StateSerde<>("counted tiles", 1, TileCounted::write, TileCounted::read);
  }

  private static void write(TileCounted tile, DataOutput out) throws IOException {
    out.writeUTF(tile.kind.scoreName());
    out.writeLong(tile.kind.modelVersion());
    out.writeDouble(tile.score);
    out.writeDouble(tile.meanEntropy);
    out.writeDouble(tile.positiveFraction);
    out.writeUTF(tile.scanner);
    out.writeBoolean(tile.outcome == Outcome.ROUTED);
    out.writeBoolean(tile.outcome == Outcome.HELD_BACK);
    tile.budget.write(out);
    out.writeBoolean(tile.told);
  }

  private static TileCounted read(DataInput in) throws IOException {
    return new TileCounted(
        new ScoreKind(in.readUTF(), in.readLong()),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readUTF(),
        outcome(in.readBoolean(), in.readBoolean()),
        OrganBudget.read(in),
        in.readBoolean());
  }

  private static Outcome outcome(boolean routed, boolean heldBack) {
    if (routed) {
      return Outcome.ROUTED;
    }
    return heldBack ? Outcome.HELD_BACK : Outcome.NOT_ROUTED;
  }
}
