package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {
  private static final Pattern DASHBOARD = Pattern.compile("Dashboard: +(http://\\S+)");
  private static final int TILES = 96;

  @Test
  void shouldSegmentEveryTileOnceThoughTheWorkerIsKilled(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    Path images = synthetic(folder.resolve("images"));
    try (LauncherProcess up =
        LauncherProcess.start(folder, "up", "--port", "0", "--data-dir", data.toString())) {
      // Given
      URI dashboard = dashboard(up);
      Path client = data.resolve("client.properties");

      // When
      LauncherProcess.Result scan =
          LauncherProcess.run(
              folder, "scan", images.toString(), "--organ", "kidney", "--config", client + "");
      assertThat(scan.exitCode()).as(scan.output()).isZero();
      ProcessHandle worker = worker(up, "infer");
      List<String> tileIds = new ArrayList<>();
      try (Consumer<String, TileSegmented> consumer = segmentedTiles(client)) {
        await().atMost(Duration.ofMinutes(2)).until(() -> read(consumer, tileIds) > 0);
        worker.destroyForcibly();
        await()
            .atMost(Duration.ofMinutes(4))
            .until(() -> read(consumer, tileIds) >= 0 && new HashSet<>(tileIds).size() == TILES);
      }

      // Then
      assertThat(tileIds).doesNotHaveDuplicates();
      assertThat(status(dashboard)).isEqualTo(200);
    }
  }

  @Test
  void shouldLeaveNoProcessBehindWhenItIsKilled(@TempDir Path folder) throws Exception {
    // Given
    Path data = folder.resolve("data");
    List<ProcessHandle> children;
    try (LauncherProcess up =
        LauncherProcess.start(folder, "up", "--port", "0", "--data-dir", data.toString())) {
      dashboard(up);
      children = up.handle().descendants().toList();
      assertThat(children).hasSizeGreaterThanOrEqualTo(3);
      // Children take over what this JVM was asked for
      assertThat(commandLine(worker(up, "infer"))).contains(" -XX:TieredStopAtLevel=1 ");

      // When
      up.handle().destroyForcibly();

      // Then
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void shouldStartItsPartsAgainAndHonourItsConfiguration(@TempDir Path folder) throws Exception {
    // Given
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = freePort();
    int health = freePort();
    Path config =
        Files.writeString(
            folder.resolve("up.properties"),
            """
            histoflow.review.port=%d
            histoflow.health.port=%d
            histoflow.scanned.partitions=7
            """
                .formatted(port, health));
    String[] command = {"up", "--data-dir", data.toString(), "--config", config.toString()};
    try (LauncherProcess up = LauncherProcess.start(folder, command)) {
      assertThat(dashboard(up)).isEqualTo(URI.create("http://127.0.0.1:" + port + "/"));
      assertThat(up.output()).contains("is now yours alone", "Broker and schema registry: ");
      assertThat(partitionsOfScannedTiles(data.resolve("client.properties"))).isEqualTo(7);

      // When: a second one is started beside it
      LauncherProcess.Result samePort = LauncherProcess.run(folder, command);
      LauncherProcess.Result sameData =
          LauncherProcess.run(folder, "up", "--port", "0", "--data-dir", data.toString());

      // Then
      assertThat(samePort.exitCode()).isEqualTo(1);
      assertThat(samePort.output())
          .contains("Port " + port + " on 127.0.0.1 is in use by another program", "--port");
      assertThat(sameData.output())
          .contains("in use by another histoflow process (process " + up.handle().pid() + ")");

      // When
      worker(up, "parts").destroyForcibly();
      registry(up).destroyForcibly();

      // Then
      await()
          .atMost(Duration.ofMinutes(3))
          .until(
              () ->
                  up.output().contains("routing, review, reporting died: ")
                      && up.output().contains("review runs again.")
                      && up.output().contains("routing runs again.")
                      && up.output().contains("reporting runs again.")
                      && up.output().contains("schema registry died: ")
                      && up.output().contains("schema registry runs again."));
      assertThat(status(URI.create("http://127.0.0.1:" + port + "/"))).isEqualTo(200);
      assertThat(body(URI.create("http://127.0.0.1:" + health + "/health/parts")))
          .contains("review\tRUNNING", "routing\tRUNNING", "schema registry\tRUNNING");
      assertThat(up.handle().isAlive()).isTrue();
    }
  }

  @Test
  void shouldEndSoonAndQuietlyWhenItIsStoppedWhileItStarts(@TempDir Path folder) throws Exception {
    // Given
    Path data = folder.resolve("data");
    try (LauncherProcess up =
        LauncherProcess.start(folder, "up", "--port", "0", "--data-dir", data.toString())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> up.output().contains("Broker and schema registry ..."));

      // When
      up.handle().destroy();

      // Then
      await().atMost(Duration.ofSeconds(30)).until(() -> !up.handle().isAlive());
      assertThat(up.output().lines())
          .containsExactly("Starting in " + data, "  Broker and schema registry ...");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int partitionsOfScannedTiles(Path client) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaClients(ServiceConfig.load(client), "test").bytesConsumer(null, Map.of())) {
      return consumer.partitionsFor(Topics.TILES_SCANNED.name()).size();
    }
  }

  private static ProcessHandle registry(LauncherProcess up) {
    return up.handle()
        .descendants()
        .filter(process -> commandLine(process).contains("io.quarkus.runner"))
        .findFirst()
        .orElseThrow();
  }

  private static String body(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private static Path synthetic(Path folder) throws Exception {
    Files.createDirectories(folder);
    SyntheticTissue tissue = new SyntheticTissue(7);
    for (int i = 0; i < 6; i++) {
      Files.write(
          folder.resolve("synthetic-" + i + ".png"),
          RgbPng.encode(tissue.image("kidney", i, 1024, 1024).image()));
    }
    return folder;
  }

  private static URI dashboard(LauncherProcess up) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> DASHBOARD.matcher(up.output()).find() || !up.handle().isAlive());
    try {
      Matcher matcher = DASHBOARD.matcher(up.output());
      assertThat(matcher.find()).as(up.output()).isTrue();
      return URI.create(matcher.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessHandle worker(LauncherProcess up, String command) {
    return up.handle()
        .descendants()
        .filter(process -> commandLine(process).contains(" " + command + " --config"))
        .findFirst()
        .orElseThrow();
  }

  /** From /proc: ProcessHandle leaves out command lines as long as a class path. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  private static Consumer<String, TileSegmented> segmentedTiles(Path client) {
    Consumer<String, TileSegmented> consumer =
        new KafkaClients(ServiceConfig.load(client), "test")
            .consumer(Topics.TILES_SEGMENTED, null, Map.of());
    List<TopicPartition> partitions =
        IntStream.range(0, Topics.TILES_SEGMENTED.partitions())
            .mapToObj(p -> new TopicPartition(Topics.TILES_SEGMENTED.name(), p))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private static int read(Consumer<String, TileSegmented> consumer, List<String> tileIds) {
    consumer
        .poll(Duration.ofMillis(200))
        .forEach(record -> tileIds.add(record.value().getTileId()));
    return tileIds.size();
  }

  private static int status(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
