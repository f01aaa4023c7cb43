package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in a process of its own that is told to stop in the middle of its steps. */
class StoppedTrainingIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Pattern STEP = Pattern.compile("step (\\d+) loss");

  @TempDir private Path folder;

  @BeforeEach
  void drawData() throws IOException {
    SyntheticTissue tissue = new SyntheticTissue(3);
    DatasetWriter writer = new DatasetWriter(folder.resolve("data"));
    for (int i = 0; i < 8; i++) {
      writer.write(tissue.tile("kidney", i, 256));
    }
  }

  @Test
  void shouldStopBetweenTwoStepsKeepWhatItLearnedAndGoOnFromThere() throws Exception {
    // When
    long first = stoppedInTheMiddle();
    // Then
    assertThat(folder.resolve("out.training/state.safetensors")).exists();
    // When
    long second = stoppedInTheMiddle();
    // Then it took up where it was stopped
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void shouldStopEvaluatingToo() throws Exception {
    // Given
    try (LauncherProcess evaluation =
        LauncherProcess.start(folder, "evaluate", "--data", folder.resolve("data").toString())) {
      await().atMost(SOON).until(() -> evaluation.output().contains("Measuring speed"));
      // When
      evaluation.terminate();
      // Then
      assertThat(evaluation.waitFor(SOON)).as(evaluation.output()).isEqualTo(143);
      assertThat(evaluation.output()).contains("histoflow: Stopped.").doesNotContain("SIGSEGV");
    }
    assertNothingCrashed();
  }

  @Test
  void shouldEndAtOnceAndNotCrashWhenItIsToldTwice() throws Exception {
    // Given steps that take long
    try (LauncherProcess training = train("32", "8")) {
      await().atMost(SOON).until(() -> training.output().contains("train: 0/"));
      // When
      training.terminate();
      await()
          .atMost(SOON)
          .until(() -> training.output().contains("Stopping") || !training.handle().isAlive());
      training.terminate();
      // Then: it was killed, unless its step ended between the two
      assertThat(training.waitFor(SOON)).as(training.output()).isIn(137, 143);
      assertThat(training.output()).doesNotContain("SIGSEGV");
    }
    assertNothingCrashed();
  }

  /** Returns the last step that it told of before it was stopped. */
  private long stoppedInTheMiddle() throws Exception {
    try (LauncherProcess training = train("4", "2")) {
      await().atMost(SOON).until(() -> STEP.matcher(training.output()).find());
      training.terminate();
      assertThat(training.waitFor(SOON)).as(training.output()).isEqualTo(143);
      assertThat(training.output())
          .contains("Stopping at the end of this step")
          .contains("Stopped; what was learned is kept in " + folder.resolve("out.training"))
          .doesNotContain("SIGSEGV");
      assertNothingCrashed();
      Matcher steps = STEP.matcher(training.output());
      return steps.results().mapToLong(step -> Long.parseLong(step.group(1))).max().orElseThrow();
    }
  }

  private void assertNothingCrashed() throws IOException {
    for (Path where : new Path[] {folder, Path.of("")}) {
      try (Stream<Path> files = Files.list(where.toAbsolutePath())) {
        assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("hs_err"));
      }
    }
  }

  private LauncherProcess train(String width, String batch) throws IOException {
    return LauncherProcess.start(
        folder,
        "train",
        "--data",
        folder.resolve("data").toString(),
        "--out",
        folder.resolve("out").toString(),
        "--width",
        width,
        "--batch",
        batch,
        "--steps",
        "100000",
        "--validate-every",
        "100000",
        "--device",
        "cpu");
  }
}
