package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.lifecycle.ParentWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StalledBrokerIT {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  @TempDir Path dir;

  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final ExecutorService background = Executors.newSingleThreadExecutor();

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void shouldSayThatTheBrokersTakeNothingAndGoOnOnceTheyDo() throws Exception {
    // Given: a broker that stands still after the first tile
    Path file =
        Files.write(
            dir.resolve("stalled.png"),
            RgbPng.encode(new SyntheticTissue(9).tile("lung", 0, 300).image()));
    try (ChildProcess broker = ChildProcess.start(broker(), Duration.ofSeconds(20))) {
      Path client = dir.resolve("data").resolve(EmbeddedPlatform.CLIENT_CONFIG);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.exists(dir.resolve("ready")) || !broker.isAlive());
      try (SlideScanner scanner =
          new SlideScanner(ServiceConfig.load(client), notices::add, PATIENCE)) {
        Future<ScanSummary> scan =
            background.submit(
                () ->
                    scanner.scan(
                        ScanRequest.of("lung", file),
                        (phase, done, total, note) -> {
                          if (done == 1) {
                            signal("STOP", broker);
                          }
                        }));

        // When
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> notices.stream().anyMatch(n -> n.contains("take no tiles")));
        signal("CONT", broker);

        // Then
        assertThat(notices)
            .anySatisfy(
                notice ->
                    assertThat(notice).contains("trying again. They do not answer at 127.0.0.1"));
        ScanSummary summary = scan.get(2, TimeUnit.MINUTES);
        assertThat(summary.complete()).isTrue();
        assertThat(summary.tiles()).isEqualTo(4);
      } finally {
        signal("CONT", broker);
      }
    } finally {
      background.shutdownNow();
    }
  }

  @Test
  void shouldSayThatItWaitsForBrokersThatDoNotAnswer() throws Exception {
    // Given: somebody who takes connections and says nothing
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String brokers = "127.0.0.1:" + silent.getLocalPort();
      ServiceConfig config =
          ServiceConfig.of(
              Map.of(
                  "bootstrap.servers", brokers,
                  "schema.registry.url", "http://127.0.0.1:9",
                  "default.api.timeout.ms", "4000",
                  "request.timeout.ms", "4000"));

      // When
      Future<SlideScanner> scanner =
          background.submit(() -> new SlideScanner(config, notices::add, PATIENCE));
      await().atMost(Duration.ofMinutes(1)).until(scanner::isDone);

      // Then
      assertThat(notices).first().asString().contains("Waiting for the brokers at " + brokers);
    } finally {
      background.shutdownNow();
    }
  }

  private ChildCommand broker() {
    return ChildCommand.java(
        "broker",
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dhistoflow.registry.home=" + System.getProperty("histoflow.registry.home")),
        System.getProperty("java.class.path"),
        Broker.class.getName(),
        List.of(dir.toString()),
        dir.resolve("broker.log"));
  }

  private static void signal(String name, ChildProcess process) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The platform in a process of its own. */
  public static final class Broker {
    private Broker() {}

    public static void main(String[] arguments) throws Exception {
      Path dir = Path.of(arguments[0]);
      ParentWatch.exitWhenParentDies();
      try (EmbeddedPlatform platform = EmbeddedPlatform.start(dir.resolve("data"))) {
        Files.writeString(dir.resolve("ready"), platform.registryUrl());
        new CountDownLatch(1).await();
      }
    }
  }
}
