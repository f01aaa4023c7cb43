package io.histoflow.review.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UploadBudgetTest {
  private final UploadBudget budget = new UploadBudget(100);
  private final AtomicInteger gaveWay = new AtomicInteger();

  @Test
  void shouldHaveRoomForSoManyBytesInAll() {
    // Given
    UploadBudget.Share one = budget.open(gaveWay::incrementAndGet);
    UploadBudget.Share other = budget.open(gaveWay::incrementAndGet);

    // When, then
    assertThat(one.grow(60)).isTrue();
    assertThat(other.grow(60)).isFalse();
    one.close();
    one.close();
    assertThat(other.grow(60)).isTrue();
    assertThat(budget.heldBytes()).isEqualTo(60);
    assertThat(gaveWay).hasValue(0);
  }

  @Test
  void shouldTakeTheRoomOfWhatHasBeenArrivingForLong() {
    // Given
    UploadBudget.Share slow = budget.open(gaveWay::incrementAndGet);
    slow.grow(90);
    UploadBudget.Share whole = budget.open(() -> {});
    whole.grow(10);
    whole.arrived();
    UploadBudget.Share quick = budget.open(() -> {});

    // When, then: what has arrived is in work, and stays.
    await().until(() -> quick.grow(20));
    assertThat(gaveWay).hasValue(1);
    assertThat(slow.grow(1)).isFalse();
    assertThat(budget.heldBytes()).isEqualTo(30);
  }
}
