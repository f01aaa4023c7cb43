package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.commandline.Computation;
import io.histoflow.launcher.options.SettingsCatalogue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HistoflowTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldSayWhichCommandsThereAre() {
    // When
    int code = run("--help");

    // Then
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("demo", "up", "scan", "replay", "infer", "route", "review", "fine-tune", "report")
        .contains("train", "calibrate", "evaluate", "study", "settings");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "scan",
        "replay",
        "infer",
        "route",
        "review",
        "fine-tune",
        "report",
        "weights",
        "dead-letters",
        "train",
        "calibrate",
        "evaluate",
        "study",
        "settings"
      })
  void shouldExplainEveryCommand(String command) {
    // When
    int code = run(command, "--help");

    // Then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("Usage: histoflow " + command);
  }

  @Test
  void shouldRefuseAnUnknownCommandWithOneSentenceAndCode2() {
    // When
    int code = run("segmnet");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("segmnet").contains("--help").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"computes", "waits"})
  void shouldSayThatMemoryRanOutAndHowToRaiseItWithCode1(String command) {
    // When
    int code =
        run(
            Histoflow.commandLine()
                .addSubcommand("computes", new Greedy.Computing())
                .addSubcommand("waits", new Greedy()),
            command);

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("more memory", "Java heap space", "HISTOFLOW_JAVA_OPTS=-Xmx")
        .hasLineCount(1);
  }

  @CommandLine.Command(name = "greedy")
  private static class Greedy implements Callable<Integer> {
    @CommandLine.Command(name = "greedy")
    private static final class Computing extends Greedy implements Computation {}

    @Override
    public Integer call() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void shouldRefuseNoCommandAtAllWithCode2() {
    // When
    int code = run();

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("A command is missing");
  }

  @Test
  void shouldRefuseAServiceWithoutConfigurationWithCode2() {
    // When
    int code = run("infer");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--config");
  }

  @Test
  void shouldNameTheSettingThatIsUnknown(@TempDir Path folder) throws Exception {
    // Given
    Path file =
        Files.writeString(
            folder.resolve("c.properties"),
            """
            bootstrap.servers=127.0.0.1:1
            schema.registry.url=http://127.0.0.1:1
            histoflow.health.prot=8081
            """);

    // When
    int code = run("infer", "--config", file.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("histoflow.health.prot").contains("histoflow.health.port");
  }

  @Test
  void shouldRefuseAReplayThatDoesNotSayOfWhat() {
    // When
    int nothing = run("replay");
    int both = run("replay", "--all", "--organ", "kidney");
    int never = run("replay", "--since", "yesterday");

    // Then
    assertThat(List.of(nothing, both, never)).containsOnly(2);
    assertThat(err.toString())
        .contains("Say which tiles", "--all leaves nothing to choose", "'yesterday' is no time");
  }

  @Test
  void shouldNameTheDataSetThatDoesNotExist(@TempDir Path folder) {
    // When
    int code = run("evaluate", "--data", folder.resolve("nowhere").toString());

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("nowhere").doesNotContain("\tat ");
  }

  @Test
  void shouldRefuseAScanThatNamesItsSlideTwice() {
    // When
    int code = run("scan", "a.png", "--slide", "S-1", "--id-from", "path");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--slide", "--id-from");
  }

  @Test
  void shouldRefuseADemoOfNoTiles() {
    // When
    int code = run("demo", "--tiles", "0");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--tiles");
  }

  @Test
  void shouldRefuseAFoldWithoutFolds() {
    // When
    int code = run("train", "--data", "anywhere", "--out", "anywhere", "--fold", "1");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--folds");
  }

  @Test
  void shouldNameTheScoresWhereOneIsUnknown() {
    // When
    int code = run("study", "corrections", "--synthetic", "2", "--score", "entropy");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--score").contains("mean-entropy").contains("'entropy'");
  }

  @Test
  void shouldPrintEverySettingWithNameDefaultAndSentence() {
    // When
    int code = run("settings");

    // Then
    assertThat(code).isZero();
    SettingsCatalogue.ALL.stream()
        .flatMap(settings -> settings.all().stream())
        .forEach(setting -> assertThat(out.toString()).contains(setting.name()));
  }

  private int run(String... args) {
    return run(Histoflow.commandLine(), args);
  }

  private int run(CommandLine command, String... args) {
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(args);
  }
}
