package io.histoflow.topology.routing;

import static io.histoflow.topology.StateBytes.again;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.topology.routing.ThresholdKeeper.OrganTotal;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import io.histoflow.topology.summaries.ScoreSummary.Outcome;
import org.junit.jupiter.api.Test;

/** What is stored of routing is read as it was written. */
class RoutingStateFormatTest {
  private static final int WINDOW = 100;
  private static final ScoreKind KIND = new ScoreKind("mean-entropy", 3);

  @Test
  void shouldReadWhatThisReleaseWrites() {
    // Given: two routers
    RouterNews one = news(new OrganPartition(4, 30L, 3L, 1L, -0.5));
    OrganTotal total =
        OrganTotal.empty(WINDOW).plus(one).plus(news(new OrganPartition(0, 7L, 0L, 0L, 0.7)));

    OrganState state =
        new OrganState(
            new OrganBudget(new BudgetAccount(1, 10, 0, 0), new BudgetAccount(2, 30, 1, 0), 0.5),
            new ScoreHistory(WINDOW),
            ScoreSummary.empty(KIND));

    // When
    OrganState stateAgain = again(OrganState.serde(WINDOW), state);
    RouterNews toldAgain = again(RouterNews.serde(), one);
    OrganTotal readAgain = again(OrganTotal.serde(WINDOW), total);

    // Then
    assertThat(toldAgain.booked()).isEqualTo(one.booked());
    assertThat(toldAgain.summary().kind()).isEqualTo(KIND);
    assertThat(stateAgain.budget()).isEqualTo(state.budget());
    assertThat(readAgain.forgotten()).isEqualTo(total.forgotten());
    assertThat(readAgain.tilesSeen()).isEqualTo(total.tilesSeen());
    assertThat(readAgain.routers()).isEqualTo(total.routers()).containsOnlyKeys(0, 4);
  }

  @Test
  void shouldComeToTheSameStateByReplayingItsTiles() {
    // Given: tiles of two versions, some of them told of
    OrganState live = OrganState.empty(WINDOW);
    OrganState replayed = OrganState.empty(WINDOW);
    OrganBudget budget = OrganBudget.EMPTY;
    for (int i = 0; i < 60; i++) {
      ScoreKind kind = new ScoreKind("mean-entropy", i < 40 ? 3 : 4);
      budget = i % 9 == 0 ? budget.afterTile(0.1).afterAlert() : budget.afterTile(0.1);
      TileCounted tile =
          new TileCounted(
              kind,
              i / 60.0,
              i / 100.0,
              0.25,
              i % 2 == 0 ? "" : "scanner",
              i % 9 == 0 ? Outcome.ROUTED : Outcome.NOT_ROUTED,
              budget,
              false);
      live.history().add(kind, tile.score());
      live = live.afterTile(tile);
      if (i % 25 == 24) {
        tile = tile.andTold();
        live = live.afterTelling();
      }

      // When
      TileCounted read = again(TileCounted.serde(), tile);
      replayed = OrganState.format(WINDOW).replay().apply(replayed, read);

      // Then
      assertThat(read).isEqualTo(tile);
      assertThat(bytesOf(replayed)).isEqualTo(bytesOf(live));
    }
    assertThat(live.pending().tilesSeen()).isEqualTo(10);
  }

  private static byte[] bytesOf(OrganState state) {
    return OrganState.serde(WINDOW).serializer().serialize("t", state);
  }

  private static RouterNews news(OrganPartition booked) {
    return new RouterNews(ScoreSummary.empty(KIND), booked);
  }
}
