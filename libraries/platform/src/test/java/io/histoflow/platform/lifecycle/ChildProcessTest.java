package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildProcessTest {
  @TempDir Path folder;

  @Test
  void shouldLetTheChildShutDownInOrder() {
    // Given
    ChildProcess child = start(ChildPrograms.Obedient.class, Duration.ofMinutes(1));

    // When
    child.close();
    child.close();

    // Then
    assertThat(child.isAlive()).isFalse();
    assertThat(child.exitCode()).isZero();
    assertThat(folder.resolve("ended")).exists();
  }

  @Test
  void shouldEndAChildThatDoesNotListen() {
    // Given
    ChildProcess child = start(ChildPrograms.Stubborn.class, Duration.ofMillis(100));

    // When
    child.close();

    // Then
    assertThat(child.isAlive()).isFalse();
    assertThat(child.exitCode()).isEqualTo(143);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void shouldLeaveCtrlCToTheParent() throws Exception {
    // Given
    try (ChildProcess child = start(ChildPrograms.Obedient.class, Duration.ofMinutes(1))) {

      // When
      new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();

      // Then
      assertThat(child.awaitEnd(Duration.ofMillis(500))).isFalse();
      assertThat(folder.resolve("ended")).doesNotExist();
    }
  }

  @Test
  void shouldTellTheChildsLastWords() throws Exception {
    // Given
    Path log = folder.resolve("child.log");
    ChildProcess child =
        ChildProcess.start(
            ChildPrograms.command(ChildPrograms.ShortLived.class, log, "7"),
            Duration.ofSeconds(10));

    // When
    assertThat(child.awaitEnd(Duration.ofSeconds(30))).isTrue();

    // Then
    assertThat(child.obituary())
        .isEqualTo(
            "The process ShortLived ended with exit code 7, saying \"the model is missing\" (see "
                + log
                + ").");
  }

  @Test
  void shouldLeaveStackFramesOutOfTheLastWords() throws Exception {
    // Given
    Path log = folder.resolve("child.log");
    Files.writeString(
        log,
        "first\n\njava.lang.IllegalStateException: no disk\n\tat a.B.c(D.java:1)\n\t... 3 more\n");

    // When
    ChildProcess child =
        ChildProcess.start(
            ChildPrograms.command(ChildPrograms.Obedient.class, log, folder.toString()),
            Duration.ofMinutes(1));

    // Then
    try (child) {
      assertThat(child.lastLogLines(1)).containsExactly("java.lang.IllegalStateException: no disk");
    }
  }

  @Test
  void shouldSayThatTheProgramDoesNotExist() {
    // Given
    ChildCommand command =
        new ChildCommand(
            "ghost",
            List.of(folder.resolve("no-such-program").toString()),
            Map.of(),
            folder.resolve("ghost.log"));

    // Then
    assertThatThrownBy(() -> ChildProcess.start(command, Duration.ZERO))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("The process ghost cannot be started")
        .hasMessageContaining("no-such-program");
  }

  @Test
  void shouldStartANewLogWhenTheOldOneIsLarge() throws Exception {
    // Given
    Path log = folder.resolve("child.log");
    Files.write(log, new byte[(10 << 20) + 1]);

    // When
    ChildProcess child =
        ChildProcess.start(
            ChildPrograms.command(ChildPrograms.ShortLived.class, log, "0"),
            Duration.ofSeconds(10));
    child.awaitEnd(Duration.ofSeconds(30));

    // Then
    assertThat(log).hasContent("the model is missing");
    assertThat(folder.resolve("child.log.1")).hasSize((10 << 20) + 1);
  }

  private ChildProcess start(Class<?> program, Duration gentleTimeout) {
    ChildProcess child =
        ChildProcess.start(
            ChildPrograms.command(program, folder.resolve("child.log"), folder.toString()),
            gentleTimeout);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(folder.resolve("running")));
    return child;
  }
}
