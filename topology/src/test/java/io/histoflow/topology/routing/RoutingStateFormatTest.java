package io.histoflow.topology.routing;

import static io.histoflow.topology.StateBytes.again;
import static io.histoflow.topology.StateBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.topology.routing.ThresholdKeeper.OrganTotal;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.RouterTally;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import io.histoflow.topology.summaries.ScoreSummary.Outcome;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** State that an earlier release wrote is read on. */
class RoutingStateFormatTest {
  private static final int WINDOW = 100;
  private static final ScoreKind KIND = new ScoreKind("mean-entropy", 3);

  @Test
  void shouldReadTotalsOfWhichNoRouterHasToldItsPart() throws IOException {
    // Given
    ScoreHistory history = new ScoreHistory(WINDOW);
    history.add(KIND, 0.25);
    byte[] second =
        bytes(
            out -> {
              out.writeByte(2);
              history.write(out);
              out.writeLong(500);
              out.writeLong(49);
              out.writeLong(3);
            });

    // When
    OrganTotal total = OrganTotal.serde(WINDOW).deserializer().deserialize("t", second);

    // Then
    assertThat(total.tilesSeen()).isEqualTo(500);
    assertThat(total.tilesRouted()).isEqualTo(49);
    assertThat(total.tilesHeldBack()).isEqualTo(3);
    assertThat(total.routers()).isEmpty();
    assertThat(total.history().kind()).isEqualTo(KIND);
    assertThat(total.history().distribution(1).count()).isEqualTo(1);
  }

  @Test
  void shouldTakeARoutersOwnAccountAsWhatItHasBooked() throws IOException {
    // Given
    BudgetAccount account = new BudgetAccount(-1.5, 500, 49, 3);
    byte[] second =
        bytes(
            out -> {
              out.writeByte(2);
              account.write(out);
              new ScoreHistory(WINDOW).write(out);
              ScoreSummary.empty(KIND).write(out);
            });

    // When
    OrganState state = OrganState.serde(WINDOW).deserializer().deserialize("t", second);

    // Then
    assertThat(state.budget()).isEqualTo(new OrganBudget(account, BudgetAccount.EMPTY, 0));
    assertThat(state.pending().kind()).isEqualTo(KIND);
  }

  @Test
  void shouldReadWhatARouterToldWithoutItsTally() throws IOException {
    // Given
    byte[] second =
        bytes(
            out -> {
              out.writeByte(2);
              ScoreSummary.empty(KIND).write(out);
            });

    // When
    RouterNews news = RouterNews.serde().deserializer().deserialize("t", second);

    // Then
    assertThat(news.summary().kind()).isEqualTo(KIND);
    assertThat(news.tally()).isEmpty();
  }

  @Test
  void shouldReadWhatThisReleaseWrites() {
    // Given: two routers
    RouterNews one = news(new RouterTally(4, -0.5, 30, 3, 1));
    OrganTotal total =
        OrganTotal.empty(WINDOW).plus(one).plus(news(new RouterTally(0, 0.7, 7, 0, 0)));

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
    assertThat(toldAgain.tally()).isEqualTo(one.tally());
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

  private static RouterNews news(RouterTally tally) {
    return new RouterNews(ScoreSummary.empty(KIND), Optional.of(tally));
  }
}
