package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessLocaleTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "JAVA_TOOL_OPTIONS, -Duser.language=tr -Duser.country=TR",
    "JAVA_TOOL_OPTIONS, -Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab",
    "_JAVA_OPTIONS, -Duser.language=az -Duser.country=AZ",
    "LC_ALL, C",
    "LC_ALL, tr_TR.UTF-8",
    "LANG, POSIX",
  })
  void shouldBeTheSameInEveryChildWhateverTheMachineSpeaks(String variable, String value)
      throws Exception {
    // Given a child that is started as another's program, in a foreign environment
    ChildCommand command =
        ChildCommand.java(
            "speaker",
            List.of("-Xmx32m"),
            System.getProperty("java.class.path"),
            WatchedMain.class.getName(),
            List.of(Speaker.class.getName(), folder.resolve("said").toString()),
            folder.resolve("log"));
    Map<String, String> environment =
        variable.equals("LC_ALL") ? Map.of("LANG", value) : Map.of(variable, value);

    // When
    try (ChildProcess child =
        ChildProcess.start(command.withEnvironment(environment), Duration.ofSeconds(10))) {
      assertThat(child.awaitEnd(Duration.ofMinutes(1))).isTrue();
    }

    // Then
    assertThat(Files.readAllLines(folder.resolve("said")))
        .containsExactly("CLASSIC 12 0.5", "UTF-8 UTF-8");
  }

  @Test
  void shouldReplaceTheDefaultOfThisProcess() {
    Locale before = Locale.getDefault();
    try {
      // Given
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));

      // When
      ProcessLocale.use();

      // Then
      assertThat(Locale.getDefault()).isEqualTo(Locale.US);
      assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.US);
    } finally {
      Locale.setDefault(before);
    }
  }

  /** Writes what depends on the process's language: letters, digits and names of files. */
  public static final class Speaker {
    private Speaker() {}

    @SuppressWarnings({"StringCaseLocaleUsage", "DefaultLocale"}) // That is what is tested.
    public static void main(String[] arguments) throws Exception {
      Files.writeString(
          Path.of(arguments[0]),
          "classic".toUpperCase()
              + String.format(" %d %.1f%n", 12, 0.5)
              + Charset.defaultCharset()
              + " "
              + System.getProperty("sun.jnu.encoding")
              + "\n");
    }
  }
}
