package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.OrganPartition;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TestRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reports and budgets after crashes: what the whole input adds up to, every revision once, and
 * every tile counted once on its partition.
 */
class KilledRouterIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int SLIDES = 12;
  private static final int TILES = 15;
  private static final double BUDGET = 0.1;
  private static final double MOST_OVERDRAWN = 2.6;
  private static final int PARTITIONS = Topics.TILES_SEGMENTED.partitions();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void shouldReportExactlyWhatTheInputAddsUpToThoughTheServiceIsKilled(
      long seed, EmbeddedPlatform platform) throws Exception {
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
    String organ = "organ-" + seed;
    Random random = new Random(seed);
    List<List<ProducerRecord<String, SpecificRecord>>> parts = new ArrayList<>();
    Map<String, Map<String, TileSegmented>> standing = new LinkedHashMap<>();
    for (int part = 0; part < 3; part++) {
      parts.add(input(part, organ, random, standing));
    }

    // When: it is killed twice while records flow
    try (Producer<String, SpecificRecord> producer = clients.producer(Topics.all(), Map.of())) {
      for (int part = 0; part < 3; part++) {
        int alerted = CommittedRecords.valuesOf(clients, Topics.TILES_REVIEW).size();
        List<Future<RecordMetadata>> sent = parts.get(part).stream().map(producer::send).toList();
        producer.flush();
        assertThat(sent).allMatch(Future::isDone);
        try (ChildProcess router = RouterProcess.start(config, directory)) {
          if (part < 2) {
            await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                    () ->
                        CommittedRecords.valuesOf(clients, Topics.TILES_REVIEW).size() > alerted
                            || !router.isAlive());
            assertThat(router.isAlive()).as(router.lastLogLines(5).toString()).isTrue();
            RouterProcess.kill(router);
            await().atMost(Duration.ofSeconds(10)).until(() -> !router.isAlive());
          } else {
            await()
                .atMost(PATIENCE)
                .untilAsserted(() -> requireExact(latest(reports(clients, organ)), standing));
            await()
                .atMost(PATIENCE)
                .untilAsserted(
                    () ->
                        assertThat(
                                latest(
                                        CommittedRecords.valuesOf(
                                            clients, Topics.ORGANS_THRESHOLDS),
                                        organ)
                                    .getTilesSeen())
                            .isEqualTo(SLIDES * TILES));
          }
        }
      }
    }

    // Then: no revision of a slide is missing or published twice, and no tile is alerted twice
    Map<String, Integer> revisions = new HashMap<>();
    for (SlideReport report : reports(clients, organ)) {
      assertThat(report.getRevision())
          .isEqualTo(revisions.merge(report.getSlideId(), 1, Integer::sum));
    }
    List<ReviewRequested> alerts =
        CommittedRecords.valuesOf(clients, Topics.TILES_REVIEW).stream()
            .filter(alert -> alert.getSegmentation().getOrgan().equals(organ))
            .toList();
    assertThat(alerts.stream().map(alert -> alert.getSegmentation().getTileId()))
        .doesNotHaveDuplicates();
    int requested =
        latest(reports(clients, organ)).values().stream()
            .mapToInt(SlideReport::getReviewsRequested)
            .sum();
    assertThat(requested).isEqualTo(alerts.size());

    // and each partition has counted its tiles and alerts once; a second look counts for neither
    OrganThreshold threshold =
        latest(CommittedRecords.valuesOf(clients, Topics.ORGANS_THRESHOLDS), organ);
    List<ReviewRequested> counted =
        alerts.stream()
            .filter(alert -> alert.getReason() != ReviewReason.NEWER_WEIGHTS)
            .peek(KilledRouterIT::requireReached)
            .toList();
    Map<String, Integer> partitions = partitions(clients, organ);
    assertThat(tally(threshold, OrganPartition::getTilesSeen))
        .isEqualTo(
            count(
                standing.values().stream()
                    .flatMap(tiles -> tiles.values().stream())
                    .map(tile -> partitions.get(tile.getSlideId()))));
    assertThat(tally(threshold, OrganPartition::getTilesRouted))
        .isEqualTo(
            count(
                counted.stream()
                    .map(alert -> partitions.get(alert.getSegmentation().getSlideId()))));
    assertThat(threshold.getTilesSeen()).isEqualTo(SLIDES * TILES);
    assertThat(threshold.getTilesRouted()).isEqualTo(counted.size());
    assertThat(BUDGET * SLIDES * TILES - counted.size())
        .isBetween(-MOST_OVERDRAWN * PARTITIONS, MOST_OVERDRAWN * PARTITIONS);
  }

  private static void requireReached(ReviewRequested alert) {
    if (alert.getReason() != ReviewReason.AUDIT) {
      assertThat(alert.getScore()).isEqualTo(alert.getSegmentation().getRoutingScore());
    }
    assertThat(alert.getScore()).isGreaterThanOrEqualTo(alert.getThreshold());
  }

  /** Returns what the routers told by partition, without those that have nothing. */
  private static Map<Integer, Long> tally(
      OrganThreshold threshold, Function<OrganPartition, Long> what) {
    return threshold.getPartitions().stream()
        .filter(partition -> what.apply(partition) > 0)
        .collect(Collectors.toMap(OrganPartition::getPartition, what));
  }

  private static Map<Integer, Long> count(Stream<Integer> partitions) {
    return partitions.collect(Collectors.groupingBy(p -> p, Collectors.counting()));
  }

  /** Returns the partition of each slide's segmentations, as the broker has them. */
  private static Map<String, Integer> partitions(KafkaClients clients, String organ) {
    Map<String, Integer> partitions = new HashMap<>();
    for (ConsumerRecord<String, TileSegmented> record :
        CommittedRecords.of(clients, Topics.TILES_SEGMENTED)) {
      if (record.value().getOrgan().equals(organ)) {
        partitions.put(record.key(), record.partition());
      }
    }
    return partitions;
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
      int part, String organ, Random random, Map<String, Map<String, TileSegmented>> standing) {
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>();
    for (int s = 0; s < SLIDES; s++) {
      String slide = organ + "-slide-" + s;
      if (s % 3 == part) {
        records.add(
            new ProducerRecord<>(
                Topics.SLIDES_SCANNED.name(), slide, TestRecords.manifest(slide, organ, TILES)));
      }
      for (int t = part; t < TILES; t += 3) {
        String id = slide + "/" + t;
        for (long version = 0; version <= random.nextInt(2); version++) {
          TileSegmented tile = TestRecords.tile(slide, id, organ, random.nextDouble());
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

  private static Map<String, SlideReport> latest(List<SlideReport> reports) {
    Map<String, SlideReport> latest = new LinkedHashMap<>();
    reports.forEach(report -> latest.put(report.getSlideId(), report));
    return latest;
  }

  private static List<SlideReport> reports(KafkaClients clients, String organ) {
    return CommittedRecords.valuesOf(clients, Topics.SLIDES_REPORTED).stream()
        .filter(report -> report.getOrgan().equals(organ))
        .toList();
  }
}
