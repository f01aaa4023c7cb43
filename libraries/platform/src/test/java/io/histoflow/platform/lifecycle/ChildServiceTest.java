package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildServiceTest {
  private static final RestartPolicy IMPATIENT =
      new RestartPolicy(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofHours(1));

  private final List<PartNotice> notices = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Test
  void shouldStartAKilledChildAgain() throws Exception {
    // Given
    try (ChildService service = service(ChildPrograms.Obedient.class, folder.toString())) {
      service.start();
      soon().until(() -> Files.exists(folder.resolve("running")));
      long first = service.pid().orElseThrow();
      Files.delete(folder.resolve("running"));

      // When
      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      // Then
      soon().until(() -> Files.exists(folder.resolve("running")));
      assertThat(service.pid().orElseThrow()).isNotEqualTo(first);
      soon().until(() -> service.restarts() == 1);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldEndTheChildInOrderWhenClosed() {
    // Given
    ChildService service = service(ChildPrograms.Obedient.class, folder.toString());
    service.start();
    soon().until(() -> Files.exists(folder.resolve("running")));

    // When
    service.close();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.STOPPED);
    assertThat(service.pid()).isEmpty();
    assertThat(folder.resolve("ended")).exists();
  }

  @Test
  void shouldStartAChildThatKeepsDyingAgainForEverAndSayWhy() {
    // Given
    try (ChildService service = service(ChildPrograms.ShortLived.class, "1")) {

      // When
      service.start();

      // Then: more often than it was once given up after
      soon().until(() -> service.restarts() > 7);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
      assertThat(notices)
          .filteredOn(notice -> notice.state() == PartNotice.State.DOWN)
          .first()
          .satisfies(
              notice ->
                  assertThat(notice.sentence())
                      .contains("exit code 1", "the model is missing", "started again in"));
    }
  }

  @Test
  void shouldGoOnWhereTheMachineHasNoThreadForTheChild() {
    // Given
    AtomicInteger starts = new AtomicInteger();
    try (ChildService service =
        new ChildService(
            ChildPrograms.command(ChildPrograms.ShortLived.class, folder.resolve("log"), "1"),
            Duration.ofSeconds(30),
            IMPATIENT,
            notice -> {
              if (notice.state() == PartNotice.State.STARTING && starts.incrementAndGet() == 2) {
                throw new InternalError("no native thread");
              }
            },
            () -> false)) {

      // When
      service.start();

      // Then
      soon().until(() -> starts.get() > 3);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldSayThatAChildRefusesItsConfiguration() {
    // Given
    try (ChildService service = service(ChildPrograms.ShortLived.class, "2")) {

      // When
      service.start();

      // Then: at once at the longest delay
      soon().until(() -> notices.stream().anyMatch(n -> n.state() == PartNotice.State.REFUSED));
      assertThat(notices.get(1).sentence()).contains("exit code 2", "started again in 0.04 s");
    }
  }

  @Test
  void shouldHandOnWhatTheChildTellsOfItsParts() {
    // Given
    try (ChildService service = service(ChildPrograms.Talkative.class)) {

      // When
      service.start();

      // Then
      soon()
          .until(
              () ->
                  notices.contains(
                      new PartNotice("review", PartNotice.State.DOWN, "the port is taken")));
      assertThat(service.lastLogLines(3)).containsExactly("something else");
    }
  }

  @Test
  void shouldDoubleTheDelayUpToItsLimit() {
    // Given
    RestartPolicy policy = RestartPolicy.DEFAULT;

    // Then
    assertThat(policy.delay(1)).isEqualTo(Duration.ofMillis(500));
    assertThat(policy.delay(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.delay(5)).isEqualTo(Duration.ofSeconds(8));
    assertThat(policy.delay(50)).isEqualTo(Duration.ofSeconds(30));
  }

  private ChildService service(Class<?> program, String... arguments) {
    return new ChildService(
        ChildPrograms.command(program, folder.resolve("child.log"), arguments),
        Duration.ofSeconds(30),
        IMPATIENT,
        notices::add,
        () -> false);
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(30));
  }
}
