package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.launcher.Histoflow;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnProgramTest {
  @TempDir private Path home;

  @Test
  void shouldStartTheScriptWhereItLies() throws Exception {
    // Given
    Path script = Files.createFile(home.resolve("histoflow"));
    assertThat(script.toFile().setExecutable(true)).isTrue();

    // When, then
    assertThat(OwnProgram.command(home, "worker", home.resolve("log"), "infer", "--help").command())
        .containsExactly(script.toString(), "infer", "--help");
  }

  @Test
  void shouldRunAsThisProcessDoesWithoutTheScript() {
    // When, then
    assertThat(OwnProgram.command(home, "worker", home.resolve("log"), "infer").command())
        .contains(System.getProperty("java.class.path"))
        .endsWith(Histoflow.class.getName(), "infer");
  }
}
