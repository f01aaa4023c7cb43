package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.topology.TestSettings;
import io.histoflow.topology.routing.PublishedThresholds.Published;
import io.histoflow.topology.routing.ThresholdKeeper.OrganTotal;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Six routers of one organ and the keeper, which hear of each other late and out of step: whatever
 * has happened, the budget is held again soon after.
 */
class SeveralRoutersTest {
  private static final double BUDGET = 0.1;
  private static final int ROUTERS = 6;
  private static final double FLOOR = 10;
  private static final ScoreKind KIND = new ScoreKind("mean-entropy", 0);

  private final List<OrganBudget> routers = new ArrayList<>();
  private final List<Published> heard = new ArrayList<>();
  private final List<Deque<OrganPartition>> told = new ArrayList<>();
  private final ScoreHistory scores = new ScoreHistory(1_000);
  private final BudgetRouter rule = new BudgetRouter(TestSettings.withFloor(FLOOR));
  private OrganTotal keeper = OrganTotal.empty(1_000);
  private Random random;
  private int tiles;
  private int routed;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheBudgetAfterAQuietStart(long seed) {
    // Given: a new organ whose tiles all lie below the cold start's threshold, told late
    start(seed);
    forEachTile(600, tile -> segment(0.01 * random.nextDouble(), 200));

    // When / Then
    requireBudgetAgain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheBudgetAfterAFlood(long seed) {
    // Given: tiles above the floor on all partitions, told late
    start(seed);
    forEachTile(2_000, tile -> segment(random.nextDouble(), 5));
    forEachTile(300, tile -> segment(FLOOR, 100));

    // When / Then
    requireBudgetAgain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheBudgetAfterABacklogThatNobodyHearsOf(long seed) {
    // Given: thousands of tiles between two publications
    start(seed);
    forEachTile(2_000, tile -> segment(random.nextDouble(), 5));
    forEachTile(3_000, tile -> segment(random.nextDouble(), 3_000));

    // When / Then
    requireBudgetAgain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheBudgetAfterARouterHasLostItsState(long seed) {
    // Given: uncertain tiles lie on one partition only, so parts stand far from even
    start(seed);
    forEachTile(
        6_000, tile -> segment(tile % ROUTERS, tile % ROUTERS == 0 ? 1 : random.nextDouble(), 5));
    assertThat(routers.get(0).own().credit()).isLessThan(-100);

    // When
    routers.set(0, OrganBudget.EMPTY);
    routers.set(1, OrganBudget.EMPTY);

    // Then
    requireBudgetAgain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheBudgetAfterTheApplicationBeginsAnew(long seed) {
    // Given: all state is gone, and what was published remains
    start(seed);
    forEachTile(
        6_000, tile -> segment(tile % ROUTERS, tile % ROUTERS == 0 ? 1 : random.nextDouble(), 5));
    routers.replaceAll(router -> OrganBudget.EMPTY);
    keeper = OrganTotal.empty(1_000);

    // When / Then
    requireBudgetAgain();
  }

  /** After a settling time every 500 tiles in a row have the budget's share, within 1.6 points. */
  private void requireBudgetAgain() {
    forEachTile(700, tile -> segment(random.nextDouble(), 5));
    for (int window = 0; window < 6; window++) {
      int before = routed;
      forEachTile(500, tile -> segment(random.nextDouble(), 5));
      assertThat((routed - before) / 500.0).as("share").isBetween(0.084, 0.116);
    }
    assertThat(owed()).isBetween(-2.6 - ROUTERS, 5.2 + ROUTERS);
  }

  private void start(long seed) {
    random = new Random(seed);
    for (int router = 0; router < ROUTERS; router++) {
      routers.add(OrganBudget.EMPTY);
      heard.add(published());
      told.add(new ArrayDeque<>());
    }
  }

  private void segment(double score, int tilesBetweenExchanges) {
    segment(random.nextInt(ROUTERS), score, tilesBetweenExchanges);
  }

  private void segment(int router, double score, int tilesBetweenExchanges) {
    scores.add(KIND, score);
    OrganBudget budget = routers.get(router).asPublished(heard.get(router), router);
    budget = budget.afterTile(BUDGET);
    boolean goes = rule.route(score, false, budget, scores.distribution(30)).isPresent();
    budget = goes ? budget.afterAlert() : budget;
    routers.set(router, budget);
    told.get(router).add(budget.own().bookedBy(router));
    routed += goes ? 1 : 0;
    tiles++;
    if (random.nextInt(tilesBetweenExchanges) == 0) {
      exchange();
    }
  }

  /** Each router is heard up to some tile, then each hears of it or does not. */
  private void exchange() {
    for (Deque<OrganPartition> waiting : told) {
      OrganPartition latest = null;
      for (int count = random.nextInt(waiting.size() + 1); count > 0; count--) {
        latest = waiting.poll();
      }
      if (latest != null) {
        keeper = keeper.plus(new RouterNews(ScoreSummary.empty(KIND), latest));
      }
    }
    for (int router = 0; router < ROUTERS; router++) {
      if (random.nextBoolean()) {
        heard.set(router, published());
      }
    }
  }

  private Published published() {
    return new Published(
        KIND.scoreName(),
        tiles,
        scores.distribution(1),
        keeper.forgotten(),
        List.copyOf(keeper.routers().values()));
  }

  private double owed() {
    return keeper.forgotten() + routers.stream().mapToDouble(r -> r.own().credit()).sum();
  }

  private static void forEachTile(int count, IntConsumer action) {
    IntStream.range(0, count).forEach(action);
  }
}
