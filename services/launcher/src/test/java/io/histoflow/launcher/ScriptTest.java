package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script histoflow starts Java with. */
class ScriptTest {
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  @TempDir Path folder;
  private ScriptProcess script;

  @BeforeEach
  void install() throws Exception {
    script = new ScriptProcess(Files.createDirectory(folder.resolve("home")));
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\" \"LC_ALL=$LC_ALL\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "fine-tune", "route", "review", "report"})
  void shouldEndAServiceThatIsOutOfMemory(String service) throws Exception {
    assertThat(arguments(service)).contains(EXIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scan", "evaluate", "train", "weights"})
  void shouldLetACommandLiveToSayWhatNeedsSoMuchMemory(String command) throws Exception {
    assertThat(arguments(command)).doesNotContain(EXIT);
  }

  @Test
  void shouldLetTheBrokerLiveOnAHeapThatIsKnown() throws Exception {
    assertThat(arguments("up")).doesNotContain(EXIT).contains("-Xms64m", "-Xmx1g");
  }

  @Test
  void shouldTakeAHeapThatSomebodyAsksFor() throws Exception {
    assertThat(argumentsWith("-Xmx3g", "up")).containsSubsequence("-Xmx1g", "-Xmx3g");
  }

  @Test
  void shouldSpeakEnglishAndWriteUtf8WhateverTheMachineDoes() throws Exception {
    assertThat(arguments("scan", "病理 切片.png"))
        .contains("-Duser.language=en", "-Duser.country=US", "-Dfile.encoding=UTF-8")
        .contains("LC_ALL=C.UTF-8", "病理 切片.png");
  }

  private List<String> arguments(String... command) throws Exception {
    return argumentsWith("", command);
  }

  private List<String> argumentsWith(String javaOptions, String... command) throws Exception {
    Path log = folder.resolve("log");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            folder.resolve("jdk").toString(),
            "LC_ALL",
            "C",
            "HISTOFLOW_JAVA_OPTS",
            javaOptions);
    Process process = script.start(environment, log, command);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return Files.readAllLines(log);
  }
}
