package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.topology.summaries.ScoreKind;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetAccountTest {
  @Test
  void shouldOweOneAlertForEveryTenTilesAtTenPercent() {
    // Given
    BudgetAccount account = BudgetAccount.EMPTY;

    // When
    for (int i = 0; i < 10; i++) {
      account = account.afterTile(0.1);
    }

    // Then
    assertThat(account.credit()).isCloseTo(1, within(1e-9));
    assertThat(account.afterAlert().credit()).isCloseTo(0, within(1e-9));
    assertThat(account.afterAlert().routed()).isEqualTo(1);
    assertThat(account.seen()).isEqualTo(10);
  }

  @Test
  void shouldRouteTheBudgetWhileEvenMoreWhileOwedAndLessWhileOverdrawn() {
    assertThat(new BudgetAccount(0, 100, 10, 0).shareToRoute(0.1)).isEqualTo(0.1);
    assertThat(new BudgetAccount(0.5, 100, 9, 0).shareToRoute(0.1)).isGreaterThan(0.1);
    assertThat(new BudgetAccount(-0.5, 100, 11, 0).shareToRoute(0.1)).isLessThan(0.1);
    assertThat(new BudgetAccount(2, 100, 8, 0).shareToRoute(0.1)).isEqualTo(1);
    assertThat(new BudgetAccount(-1, 100, 12, 0).shareToRoute(0.1)).isZero();
  }

  @Test
  void shouldNeverBeOverdrawnByMoreThanItsTolerance() {
    // Given: a router that wants every tile
    BudgetAccount account = BudgetAccount.EMPTY;
    for (int i = 0; i < 5_000; i++) {
      // When
      account = account.afterTile(0.1);
      if (account.allowsAlert()) {
        account = account.afterAlert();
      }

      // Then
      assertThat(account.credit()).isGreaterThanOrEqualTo(-account.tolerance());
      assertThat(account.routed()).isLessThanOrEqualTo((long) (0.1 * account.seen() + 2.6 + 1e-6));
    }
  }

  @Test
  void shouldForgetWhatAQuietTimeLeftUnused() {
    // Given: 10,000 tiles of which none goes to review
    BudgetAccount account = BudgetAccount.EMPTY;
    for (int i = 0; i < 10_000; i++) {
      account = account.afterTile(0.1);
    }

    // When / Then
    assertThat(account.credit()).isLessThan(6);
  }

  @Test
  void shouldHoldTheBudgetOverSeveralRoutersWithFewTilesEach() {
    // Given: 104 tiles over six routers, each with an account of its own, 200 times
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      BudgetRouter rule = new BudgetRouter(RoutingSettings.defaults());
      ScoreHistory all = new ScoreHistory(1_000);
      BudgetAccount[] accounts = new BudgetAccount[6];
      java.util.Arrays.fill(accounts, BudgetAccount.EMPTY);
      ScoreKind kind = new ScoreKind("mean-entropy", 0);
      int routed = 0;

      // When: a slide's tiles go to one router and are alike
      int tiles = 0;
      while (tiles < 104) {
        int router = random.nextInt(6);
        double slideMean = 0.2 + 0.06 * random.nextGaussian();
        for (int size = 4 + random.nextInt(8); size > 0 && tiles < 104; size--, tiles++) {
          double score = Math.max(0, slideMean + 0.04 * random.nextGaussian());
          all.add(kind, score);
          accounts[router] = accounts[router].afterTile(0.1);
          if (rule.route(score, accounts[router], all.distribution(30)).isPresent()) {
            accounts[router] = accounts[router].afterAlert();
            routed++;
          }
        }
      }

      // Then
      assertThat(routed / 104.0).as("share with seed %d", seed).isBetween(0.05, 0.15);
    }
  }
}
