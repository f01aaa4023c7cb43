package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void shouldRunTheWorkInSeveralThreadsAtATime() {
    // Given work that goes on only where three do it at a time
    CyclicBarrier all = new CyclicBarrier(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    // When
    Lanes.run(
        3,
        () -> {
          meet(all);
          threads.add(Thread.currentThread());
        });
    // Then
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
  }

  @Test
  void shouldSayWhatWentWrongInAnotherThread() {
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                Lanes.run(
                    2,
                    () -> {
                      if (!Thread.currentThread().equals(caller)) {
                        throw new IllegalStateException("no GPU");
                      }
                    }))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("no GPU");
  }

  private static void meet(CyclicBarrier all) {
    try {
      all.await(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException("The others did not come.", e);
    }
  }
}
