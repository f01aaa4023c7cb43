package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildServiceTest {
  private static final ChildService.RestartPolicy IMPATIENT =
      new ChildService.RestartPolicy(
          Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofHours(1), 3);

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
  void shouldGiveUpAChildThatKeepsDying() throws Exception {
    // Given
    ChildService service = service(ChildPrograms.ShortLived.class, "1");

    // When
    service.start();
    service.awaitStopped();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    assertThat(service.restarts()).isEqualTo(2);
    assertThat(service.failure().orElseThrow())
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("the model is missing")
        .hasMessageContaining("died 3 times in a row");
  }

  @Test
  void shouldNotRepeatWhatTheChildRefused() throws Exception {
    // Given
    ChildService service = service(ChildPrograms.ShortLived.class, "2");

    // When
    service.start();
    service.awaitStopped();

    // Then
    assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    assertThat(service.restarts()).isZero();
    assertThat(service.failure().orElseThrow())
        .hasMessageContaining("Starting it again would not help");
  }

  @Test
  void shouldDoubleTheDelayUpToItsLimit() {
    // Given
    ChildService.RestartPolicy policy = ChildService.RestartPolicy.DEFAULT;

    // Then
    assertThat(policy.delay(1)).isEqualTo(Duration.ofMillis(500));
    assertThat(policy.delay(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.delay(5)).isEqualTo(Duration.ofSeconds(8));
    assertThat(policy.delay(50)).isEqualTo(Duration.ofSeconds(30));
  }

  private ChildService service(Class<?> program, String argument) {
    return new ChildService(
        ChildPrograms.command(program, folder.resolve("child.log"), argument),
        Duration.ofSeconds(30),
        IMPATIENT);
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(30));
  }
}
