package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SignInLineTest {
  private final SignInLine line = new SignInLine(3);

  @Test
  void shouldLetOneInAtATimeAndRefuseMoreThanWait() throws Exception {
    // Given
    AtomicInteger inside = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    SignInLine.Turn first = line.enter("attacker").orElseThrow();
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      waiting.add(
          threads.submit(
              () -> {
                SignInLine.Turn turn = line.enter("attacker").orElseThrow();
                try (turn) {
                  int present = inside.incrementAndGet();
                  inside.decrementAndGet();
                  return present;
                }
              }));
    }

    // When: there is no place for a third to wait.
    await().until(() -> line.enter("attacker").isEmpty());
    Optional<SignInLine.Turn> other = line.enter("reviewer");

    // Then
    assertThat(other).isPresent();
    assertThat(inside).hasValue(0);
    first.close();
    for (Future<Integer> turn : waiting) {
      assertThat(turn.get()).isEqualTo(1);
    }
    other.get().close();
    line.enter("attacker").orElseThrow().close();
    threads.shutdown();
  }
}
