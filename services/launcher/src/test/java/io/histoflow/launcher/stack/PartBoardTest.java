package io.histoflow.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.PartNotice.State;
import io.histoflow.review.ReviewSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartBoardTest {
  private final List<String> lines = new ArrayList<>();
  private final PartBoard board = new PartBoard(lines::add);

  @Test
  void shouldSayWhenAPartDiesAndWhenItRunsAgainAndNothingElse() throws Exception {
    // When
    board.post(new PartNotice("review", State.STARTING, ""));
    board.post(new PartNotice("review", State.RUNNING, ""));
    board.post(new PartNotice("review", State.DOWN, "Out of luck."));
    board.post(new PartNotice("review", State.STARTING, ""));

    // Then
    assertThat(board.whyNotReady()).hasValue("review is starting.");
    board.post(new PartNotice("review", State.RUNNING, ""));
    assertThat(lines).containsExactly("review died: Out of luck.", "review runs again.");
    assertThat(board.whyNotReady()).isEmpty();
    assertThat(board.parts()).isEqualTo("review\tRUNNING\n");
  }

  @Test
  void shouldCountAPartThatDiedInItsFirstRunAsSettled() throws Exception {
    // Given
    board.post(new PartNotice("routing", State.DOWN, "No group."));
    board.post(new PartNotice("routing", State.STARTING, ""));

    // Then
    assertThat(board.awaitFirstRun(List.of("routing"), Duration.ofMinutes(1))).isTrue();
    assertThat(board.awaitFirstRun(List.of("routing", "review"), Duration.ofMillis(1))).isFalse();
  }

  @Test
  void shouldTellTheDeathOfASharedProcessOnceAndShowItForEachPart() {
    // When
    board.postForAll(List.of("routing", "review"), new PartNotice("both", State.DOWN, "Signal 9."));

    // Then
    assertThat(lines).containsExactly("both died: Signal 9.");
    assertThat(board.parts()).isEqualTo("routing\tDOWN\tSignal 9.\nreview\tDOWN\tSignal 9.\n");
  }

  @Test
  void shouldSayThatThePortIsTakenBeforeAnythingStarts(@TempDir Path folder) throws Exception {
    // Given
    Path data = folder.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServiceConfig settings =
          ServiceConfig.of(Map.of()).with(ReviewSettings.PORT, taken.getLocalPort());

      // Then
      assertThatThrownBy(() -> Stack.start(data, settings, lines::add))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageContaining(taken.getLocalPort() + " on 127.0.0.1 is in use")
          .hasMessageContaining("--port");
    }
    assertThat(lines).isEmpty();
    assertThat(data).doesNotExist();
  }

  @Test
  void shouldRefuseTheAddressesOfAnotherCluster(@TempDir Path folder) {
    assertThatThrownBy(
            () ->
                Stack.start(
                    folder,
                    ServiceConfig.of(Map.of("bootstrap.servers", "kafka:9092")),
                    lines::add))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("bootstrap.servers has no meaning here");
  }

  @Test
  void shouldPrintTheAddressThatIsServed() {
    assertThat(Stack.address("[::1]", 80)).hasToString("http://[::1]:80/");
    assertThat(Stack.address("::1", 80)).hasToString("http://[::1]:80/");
    assertThat(Stack.address("127.0.0.1", 8080)).hasToString("http://127.0.0.1:8080/");
    assertThat(Stack.address("0.0.0.0", 8080)).hasToString("http://127.0.0.1:8080/");
  }

  @Test
  void shouldKeepTheSamplesOfOneMetricTogether() {
    assertThat(
            MergedMetrics.of(
                List.of(
                    "# HELP a x\n# TYPE a gauge\na{s=\"1\"} 1\n# TYPE b gauge\nb 1\n",
                    "# HELP a x\n# TYPE a gauge\na{s=\"2\"} 2\n")))
        .isEqualTo("# HELP a x\n# TYPE a gauge\na{s=\"1\"} 1\na{s=\"2\"} 2\n# TYPE b gauge\nb 1\n");
  }
}
