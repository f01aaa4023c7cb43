package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallHeapTest {

  @TempDir private Path directory;

  @Test
  void shouldSegmentTheLargestLegalTilesWithTheHeapThatWorkersHave() throws Exception {
    // Given
    Path log = directory.resolve("small-heap.log");
    ChildCommand command =
        ChildCommand.java(
            "small-heap",
            List.of(
                "-Xms128m",
                "-Xmn80m",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"),
            System.getProperty("java.class.path"),
            SmallHeapProcess.class.getName(),
            List.of(),
            log);
    // When
    try (ChildProcess child = ChildProcess.start(command, Duration.ofSeconds(10))) {
      child.awaitEnd(Duration.ofMinutes(2));
    }
    // Then
    assertThat(Files.readString(log)).contains(SmallHeapProcess.TILES + " tiles segmented");
  }
}
