package io.histoflow.topology.routing;

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
  private static final int OWN_ACCOUNT_ONLY = 2;
  private static final int FORMAT = 3;

  static OrganState empty(ScoreKind kind, int window) {
    return new OrganState(OrganBudget.EMPTY, new ScoreHistory(window), ScoreSummary.empty(kind));
  }

  static Serde<OrganState> serde(int window) {
    return StateSerde.since(
        "organ scores",
        OWN_ACCOUNT_ONLY,
        FORMAT,
        (state, out) -> {
          state.budget.write(out);
          state.history.write(out);
          state.pending.write(out);
        },
        (in, format) ->
            new OrganState(
                format == OWN_ACCOUNT_ONLY
                    ? new OrganBudget(BudgetAccount.read(in), BudgetAccount.EMPTY, 0)
                    : OrganBudget.read(in),
                ScoreHistory.read(in, window),
                ScoreSummary.read(in)));
  }
}
