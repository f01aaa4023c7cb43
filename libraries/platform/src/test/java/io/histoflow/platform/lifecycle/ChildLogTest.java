package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildLogTest {
  @TempDir Path folder;

  @Test
  void shouldKeepTheLogOfAChildThatNeverEndsBounded() throws Exception {
    // Given: three times what may be kept
    Path file = folder.resolve("child.log");
    byte[] output =
        "0123456789abcde\n"
            .repeat((int) (ChildLog.MAX_BYTES / 16) * 3)
            .getBytes(StandardCharsets.UTF_8);

    // When
    new ChildLog(new ByteArrayInputStream(output), file, line -> {}).run();

    // Then
    assertThat(Files.size(file)).isLessThanOrEqualTo(ChildLog.MAX_BYTES + 8192);
    assertThat(Files.size(folder.resolve("child.log.1")))
        .isLessThanOrEqualTo(ChildLog.MAX_BYTES + 8192);
    assertThat(folder.toFile().list()).hasSize(2);
  }

  @Test
  void shouldGoOnWhereTheLogCannotBeWritten() {
    // Given
    List<String> lines = new ArrayList<>();
    byte[] output = ("x".repeat(100_000) + "\nsecond\nlast").getBytes(StandardCharsets.UTF_8);

    // When: there is no such folder
    new ChildLog(
            new ByteArrayInputStream(output), folder.resolve("none").resolve("log"), lines::add)
        .run();

    // Then: a line without an end is cut, not collected
    assertThat(lines).hasSize(3).endsWith("second", "last");
    assertThat(lines.get(0)).hasSize(4096);
  }
}
