package io.histoflow.topology.routing;

import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a router keeps of one organ.
 *
 * @param account its share of the review budget
 * @param history scores that this router saw
 * @param pending what it has not told the threshold keeper yet
 */
record OrganState(BudgetAccount account, ScoreHistory history, ScoreSummary pending) {

  static OrganState empty(ScoreKind kind, int window) {
    return new OrganState(BudgetAccount.EMPTY, new ScoreHistory(window), ScoreSummary.empty(kind));
  }

  static Serde<OrganState> serde(int window) {
    return StateSerde.onlyFormat(
        "organ scores",
        2,
        (state, out) -> {
          out.writeDouble(state.account.credit());
          out.writeLong(state.account.seen());
          out.writeLong(state.account.routed());
          out.writeLong(state.account.heldBack());
          state.history.write(out);
          state.pending.write(out);
        },
        in ->
            new OrganState(
                new BudgetAccount(in.readDouble(), in.readLong(), in.readLong(), in.readLong()),
                ScoreHistory.read(in, window),
                ScoreSummary.read(in)));
  }
}
