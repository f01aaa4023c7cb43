package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.topology.routing.PublishedThresholds.Published;
import io.histoflow.topology.summaries.ScoreKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrganBudgetTest {
  private static final double BUDGET = 0.1;
  private static final int ROUTERS = 6;

  @Test
  void shouldPutWhatTheRouterHasBookedInThePlaceOfWhatItHadTold() {
    // Given: 10 tiles, 2 alerts and a tile held back since router 2 told what is published
    Published published =
        published(
            new OrganPartition(0, 500L, 50L, 1L, 4.0), new OrganPartition(2, 100L, 13L, 0L, -3.0));
    BudgetAccount own = new BudgetAccount(-5, 110, 15, 1);

    // When
    OrganBudget budget = new OrganBudget(own, BudgetAccount.EMPTY, 0).asPublished(published, 2);

    // Then
    assertThat(budget.organ()).isEqualTo(new BudgetAccount(-1, 610, 65, 2));
    assertThat(budget.isUntouched()).isFalse();
    assertThat(budget.told()).isEqualTo(-3);
  }

  @Test
  void shouldBookAsItsOwnWhatATileMovesTheOrgansAccountBy() {
    // Given: 0.1 below the most that is owed
    OrganBudget budget =
        new OrganBudget(new BudgetAccount(25.1, 300, 5, 0), new BudgetAccount(-20, 600, 85, 0), 25);

    // When: the third tile goes to review, the fourth is held back
    OrganBudget after =
        budget
            .afterTile(BUDGET)
            .afterTile(BUDGET)
            .afterTile(BUDGET)
            .afterAlert()
            .afterTile(BUDGET)
            .afterHoldingBack();

    // Then: 0.1, nothing, nothing, -1, 0.1 and -1
    assertThat(after.own()).isEqualTo(new BudgetAccount(23.3, 304, 6, 1));
    assertThat(after.others()).isEqualTo(budget.others());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-60, 40})
  void shouldLeaveItToTheKeeperToForgetWhatLiesBeyondTheBounds(double credit) {
    // Given: others have moved the account further than each of them may
    OrganBudget budget =
        new OrganBudget(BudgetAccount.EMPTY, new BudgetAccount(credit, 6_000, 600, 0), 0);

    // When
    OrganBudget after = credit < 0 ? budget.afterAlert() : budget.afterTile(BUDGET);

    // Then
    assertThat(after.own().credit()).isZero();
    assertThat(after.organ().excess()).isCloseTo(credit < 0 ? 34 : -34.8, within(1e-9));
  }

  @Test
  void shouldKeepWhatItKnowsOfOthersWhereNothingIsPublishedOfThem() {
    // Given
    OrganBudget known =
        new OrganBudget(new BudgetAccount(-40, 110, 11, 0), new BudgetAccount(41, 600, 20, 0), -40);

    // When / Then
    assertThat(known.asPublished(published(), 2)).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2.6, -1, 0, 2, 5.2})
  void shouldOverdrawTheOrganByTheRoutersTolerancesAtMostWhilePublishingStandsStill(double credit) {
    // Given: six routers that know the same account and want every tile
    Published published =
        published(
            IntStream.range(0, ROUTERS)
                .mapToObj(router -> new OrganPartition(router, 1_000L, 100L, 0L, credit / ROUTERS))
                .toArray(OrganPartition[]::new));
    double owed = credit;

    // When
    for (OrganPartition router : published.routers()) {
      OrganBudget budget = new OrganBudget(BudgetAccount.of(router), BudgetAccount.EMPTY, 0);
      for (int tile = 0; tile < 300; tile++) {
        budget = budget.asPublished(published, router.getPartition()).afterTile(BUDGET);
        owed += BUDGET;
        if (budget.allowsAlert()) {
          budget = budget.afterAlert();
          owed--;
        }
      }
    }

    // Then: and they go on routing the budget's share
    assertThat(owed).isBetween(-ROUTERS * 2.6 - 1e-9, ROUTERS * 1.0);
  }

  @Test
  void shouldHoldTheBudgetOverSeveralRoutersWithFewTilesEach() {
    // Given: 104 tiles over six routers, 200 times; every fifth tile all is published
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      BudgetRouter rule = new BudgetRouter(RoutingSettings.defaults());
      ScoreHistory all = new ScoreHistory(1_000);
      ScoreKind kind = new ScoreKind("mean-entropy", 0);
      List<OrganBudget> budgets = new ArrayList<>();
      IntStream.range(0, ROUTERS).forEach(router -> budgets.add(OrganBudget.EMPTY));
      Published published = published();
      int routed = 0;

      // When: a slide's tiles go to one router and are alike
      int tiles = 0;
      while (tiles < 104) {
        int router = random.nextInt(ROUTERS);
        double slideMean = 0.2 + 0.06 * random.nextGaussian();
        for (int size = 4 + random.nextInt(8); size > 0 && tiles < 104; size--, tiles++) {
          double score = Math.max(0, slideMean + 0.04 * random.nextGaussian());
          all.add(kind, score);
          OrganBudget budget = budgets.get(router).asPublished(published, router).afterTile(BUDGET);
          boolean goes = rule.route(score, false, budget, all.distribution(30)).isPresent();
          routed += goes ? 1 : 0;
          budgets.set(router, goes ? budget.afterAlert() : budget);
          if (tiles % 5 == 4) {
            published = published(booked(budgets));
          }
        }
      }

      // Then
      assertThat(routed / 104.0).as("share with seed %d", seed).isBetween(0.06, 0.14);
    }
  }

  private static OrganPartition[] booked(List<OrganBudget> budgets) {
    return IntStream.range(0, ROUTERS)
        .mapToObj(router -> budgets.get(router).own().bookedBy(router))
        .toArray(OrganPartition[]::new);
  }

  private static Published published(OrganPartition... told) {
    return new Published(
        "mean-entropy", 0, new ScoreHistory(100).distribution(1), 0, List.of(told));
  }
}
