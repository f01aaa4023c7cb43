package io.histoflow.review.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.refusal.RefusedException.Reason;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WorkBudgetTest {
  private static final long MIB = 1 << 20;

  private final WorkBudget budget = new WorkBudget(10 * MIB);

  @Test
  void shouldLetWorkWaitForItsShare() throws Exception {
    // Given
    ExecutorService thread = Executors.newSingleThreadExecutor();
    WorkBudget.Share large = budget.take(8 * MIB);

    // When
    Future<WorkBudget.Share> second = thread.submit(() -> budget.take(4 * MIB));
    large.close();

    // Then
    second.get().close();
    thread.shutdown();
  }

  @Test
  void shouldRefuseWorkForWhichThereIsNoShareInTime() throws Exception {
    // Given
    WorkBudget.Share all = budget.take(100 * MIB);

    // When, then
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> budget.take(1)).extracting("reason").isEqualTo(Reason.BUSY);
    assertThat(Thread.interrupted()).isTrue();
    all.close();
    budget.take(10 * MIB).close();
  }

  @Test
  void shouldTakeNoMoreThanHalfTheHeap() {
    assertThat(new WorkBudget(Long.MAX_VALUE / 2).bytes())
        .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 2);
    assertThat(budget.fits(10 * MIB)).isTrue();
    assertThat(budget.fits(10 * MIB + 1)).isFalse();
  }
}
