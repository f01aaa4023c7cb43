package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Reports after crashes: what the whole input adds up to, and every revision once. */
class KilledRouterIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int SLIDES = 12;
  private static final int TILES = 15;
  private static final double BUDGET = 0.1;
  private static final double MOST_OVERDRAWN = 2.6;
  private static final int PARTITIONS = Topics.TILES_SEGMENTED.partitions();

  @TempDir private Path directory;

  @Test
  void shouldReportExactlyWhatTheInputAddsUpToThoughTheServiceIsKilled(EmbeddedPlatform platform)
      throws Exception {
    // Given: slides whose tiles come twice, some of them again by newer weights
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.routing.state.dir", directory.resolve("state").toString())
            .with("histoflow.reports.timeout", "1h")
            .with("histoflow.reports.update.delay", "100ms")
            .with("histoflow.routing.commit.interval", "50ms")
            // A killed member is missed soon, and its transaction is not waited for long.
            .with("histoflow.routing.start.timeout", "3m")
            .with("session.timeout.ms", "10000")
            .with("transaction.timeout.ms", "10000");
    KafkaClients clients = new KafkaClients(config, "test");
    Random random = new Random(5);
    List<List<ProducerRecord<String, SpecificRecord>>> parts = new ArrayList<>();
    Map<String, Map<String, TileSegmented>> standing = new LinkedHashMap<>();
    for (int part = 0; part < 3; part++) {
      parts.add(input(part, random, standing));
    }

    // When: it is killed twice while records flow
    try (Producer<String, SpecificRecord> producer = clients.producer(Topics.all(), Map.of())) {
      for (int part = 0; part < 3; part++) {
        int alerted = read(clients, Topics.TILES_REVIEW).size();
        List<Future<RecordMetadata>> sent = parts.get(part).stream().map(producer::send).toList();
        producer.flush();
        assertThat(sent).allMatch(Future::isDone);
        try (ChildProcess router = start(config)) {
          if (part < 2) {
            await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                    () -> read(clients, Topics.TILES_REVIEW).size() > alerted || !router.isAlive());
            assertThat(router.isAlive()).as(router.lastLogLines(5).toString()).isTrue();
            ProcessHandle.of(router.pid()).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(10)).until(() -> !router.isAlive());
          } else {
            await()
                .atMost(PATIENCE)
                .untilAsserted(() -> requireExact(latest(reports(clients)), standing));
            await()
                .atMost(PATIENCE)
                .untilAsserted(
                    () ->
                        assertThat(
                                latest(read(clients, Topics.ORGANS_THRESHOLDS), "liver")
                                    .getTilesSeen())
                            .isEqualTo(SLIDES * TILES));
          }
        }
      }
    }

    // Then: no revision of a slide is missing or published twice, and no tile is alerted twice
    Map<String, Integer> revisions = new HashMap<>();
    for (SlideReport report : reports(clients)) {
      assertThat(report.getRevision())
          .isEqualTo(revisions.merge(report.getSlideId(), 1, Integer::sum));
    }
    Set<String> alerted = new HashSet<>();
    List<ReviewRequested> alerts = read(clients, Topics.TILES_REVIEW);
    for (ReviewRequested alert : alerts) {
      assertThat(alerted.add(alert.getSegmentation().getTileId())).isTrue();
    }
    int requested =
        latest(reports(clients)).values().stream().mapToInt(SlideReport::getReviewsRequested).sum();
    assertThat(requested).isEqualTo(alerted.size());

    // and the organ's account has counted every tile once; a second look counts for neither
    OrganThreshold organ = latest(read(clients, Topics.ORGANS_THRESHOLDS), "liver");
    assertThat(organ.getTilesSeen()).isEqualTo(SLIDES * TILES);
    assertThat(organ.getTilesRouted())
        .isEqualTo(
            alerts.stream()
                .filter(alert -> alert.getReason() != ReviewReason.NEWER_WEIGHTS)
                .count());
    assertThat((double) organ.getTilesRouted())
        .isBetween(1.0, BUDGET * SLIDES * TILES + MOST_OVERDRAWN * PARTITIONS);
  }

  private static OrganThreshold latest(List<OrganThreshold> thresholds, String organ) {
    return thresholds.stream()
        .filter(threshold -> threshold.getOrgan().equals(organ))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  /**
   * A third of each slide's tiles, in random order, each twice, half of them again by version 1.
   */
  private static List<ProducerRecord<String, SpecificRecord>> input(
      int part, Random random, Map<String, Map<String, TileSegmented>> standing) {
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>();
    for (int s = 0; s < SLIDES; s++) {
      String slide = "k-slide-" + s;
      if (s % 3 == part) {
        records.add(
            new ProducerRecord<>(
                Topics.SLIDES_SCANNED.name(), slide, Records.manifest(slide, "liver", TILES)));
      }
      for (int t = part; t < TILES; t += 3) {
        String id = slide + "/" + t;
        for (long version = 0; version <= random.nextInt(2); version++) {
          TileSegmented tile = Records.tile(slide, id, "liver", random.nextDouble());
          tile.put("modelVersion", version);
          standing.computeIfAbsent(slide, key -> new LinkedHashMap<>()).put(id, tile);
          for (int copy = 0; copy < 2; copy++) {
            records.add(new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), slide, tile));
          }
        }
      }
    }
    Collections.shuffle(records, random);
    return records;
  }

  private static void requireExact(
      Map<String, SlideReport> reports, Map<String, Map<String, TileSegmented>> standing) {
    assertThat(reports.keySet()).isEqualTo(standing.keySet());
    reports.forEach(
        (slide, report) -> {
          List<TileSegmented> tiles = List.copyOf(standing.get(slide).values());
          assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
          assertThat(report.getTilesSeen()).isEqualTo(TILES);
          assertThat(report.getMeanEntropy())
              .isCloseTo(
                  tiles.stream().mapToDouble(TileSegmented::getMeanEntropy).average().orElseThrow(),
                  within(1e-12));
          report
              .getModelHistory()
              .forEach(
                  use ->
                      assertThat(use.getTiles())
                          .isEqualTo(
                              (int)
                                  tiles.stream()
                                      .filter(t -> t.getModelVersion() == use.getVersion())
                                      .count()));
        });
  }

  private ChildProcess start(ServiceConfig config) throws IOException {
    Path file = directory.resolve("router.properties");
    Properties properties = new Properties();
    properties.putAll(config.asMap());
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return ChildProcess.start(
        ChildCommand.java(
            "routing",
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            System.getProperty("java.class.path"),
            RouterProcess.class.getName(),
            List.of(file.toString()),
            directory.resolve("router.log")),
        Duration.ofSeconds(10));
  }

  private static Map<String, SlideReport> latest(List<SlideReport> reports) {
    Map<String, SlideReport> latest = new LinkedHashMap<>();
    reports.forEach(report -> latest.put(report.getSlideId(), report));
    return latest;
  }

  private static List<SlideReport> reports(KafkaClients clients) {
    return read(clients, Topics.SLIDES_REPORTED);
  }

  /** Reads what is committed on a topic by now. */
  private static <V extends SpecificRecord> List<V> read(KafkaClients clients, TopicSpec<V> topic) {
    List<V> values = new ArrayList<>();
    try (Consumer<String, V> consumer = clients.consumer(topic, null, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(topic.name(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, V> record : consumer.poll(Duration.ofMillis(50))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }
}
