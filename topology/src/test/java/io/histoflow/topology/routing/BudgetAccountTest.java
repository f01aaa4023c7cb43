package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
  void shouldForgetADebtBeyondTenTolerances() {
    // Given: 100 tiles above the floor
    BudgetAccount account = new BudgetAccount(0, 1_000, 100, 0);
    for (int i = 0; i < 100; i++) {
      account = account.afterTile(0.1).afterAlert();
    }

    // When / Then
    assertThat(account.credit()).isCloseTo(-26, within(1e-9));
    assertThat(account.routed()).isEqualTo(200);
  }

  @Test
  void shouldBeTheSumOfItsParts() {
    // Given
    BudgetAccount one = new BudgetAccount(0.3, 600, 60, 2);
    BudgetAccount other = new BudgetAccount(-0.1, 20, 2, 1);

    // When / Then
    assertThat(one.plus(other)).isEqualTo(new BudgetAccount(0.2, 620, 62, 3));
    assertThat(one.plus(other).minus(one)).isEqualTo(other);
  }
}
