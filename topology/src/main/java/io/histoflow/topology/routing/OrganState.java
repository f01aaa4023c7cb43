package io.histoflow.topology.routing;

import io.histoflow.topology.streams.JournalFormat;
import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a router keeps of one organ.
 *
 * @param budget what it knows of the organ's review budget
 * @param history scores that this router saw
 * @param pending what it has not told the threshold keeper yet
 */
record OrganState(OrganBudget budget, ScoreHistory history, ScoreSummary pending) {
  /** The kind of score before the first. */
  private static final ScoreKind NO_SCORE = new ScoreKind("", 0);

  static OrganState empty(int window) {
    return new OrganState(
        OrganBudget.EMPTY, new ScoreHistory(window), ScoreSummary.empty(NO_SCORE));
  }

  /** Returns the state after a tile whose score its history holds already. */
  OrganState afterTile(TileCounted tile) {
    ScoreSummary before =
        pending.kind().equals(tile.kind()) ? pending : ScoreSummary.empty(tile.kind());
    return new OrganState(
        tile.budget(),
        history,
        before.plus(
            tile.score(),
            tile.meanEntropy(),
            tile.positiveFraction(),
            tile.scanner(),
            tile.outcome()));
  }

  /** Returns the state after the keeper was told what was pending. */
  OrganState afterTelling() {
    return new OrganState(budget, history, ScoreSummary.empty(pending.kind()));
  }

  /** Says how these states are stored: whole, and between that by the tiles that came since. */
  static JournalFormat<OrganState, TileCounted> format(int window) {
    return new JournalFormat<>(
        serde(window), TileCounted.serde(), () -> empty(window), OrganState::replay);
  }

  private OrganState replay(TileCounted tile) {
    history.add(tile.kind(), tile.score());
    OrganState next = afterTile(tile);
    return tile.told() ? next.afterTelling() : next;
  }

  static Serde<OrganState> serde(int window) {
    return new StateSerde<>(
        "organ scores",
        3,
        (state, out) -> {
          state.budget.write(out);
          state.history.write(out);
          state.pending.write(out);
        },
        in ->
            new OrganState(
                OrganBudget.read(in), ScoreHistory.read(in, window), ScoreSummary.read(in)));
  }
}
