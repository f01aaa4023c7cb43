package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TestRecords;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.ledger.SlideTiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A standby takes over from an instance that was killed: with its own copy of the state. */
class StandbyTakeoverIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  /** The brokers miss a killed member after 45 s. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String ORGAN = "standby-organ";
  private static final int SLIDES = 12;
  private static final int TILES = 20;

  @TempDir private Path directory;

  @Test
  void shouldGoOnWithItsCopyWhereAnotherInstanceIsKilled(EmbeddedPlatform platform)
      throws Exception {
    // Given: two instances that stand by for each other, and half of the tiles of each slide
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.routing.state.dir", directory.resolve("state").toString())
            .with("histoflow.routing.standby.replicas", "1")
            .with("histoflow.routing.start.timeout", "3m")
            .with("histoflow.reports.timeout", "1h")
            .with("transaction.timeout.ms", "10000");
    KafkaClients clients = new KafkaClients(config, "test");
    CopyWatch copies = new CopyWatch();
    try (Producer<String, SpecificRecord> producer = clients.producer(Topics.all(), Map.of());
        ChildProcess first = RouterProcess.start(config, directory)) {
      send(producer, 0, TILES / 2);
      await()
          .atMost(PATIENCE)
          .until(() -> tilesSeen(clients) == SLIDES * TILES / 2 || !first.isAlive());
      try (KafkaStreams second = instance(config.with("histoflow.worker.id", "1"), copies)) {
        second.start();
        await().atMost(PATIENCE).until(() -> hasActiveAndStandbyTasks(second));
        Map<Integer, Long> tiles = tilesByPartition(clients);
        await().atMost(PATIENCE).until(() -> hasACopyOf(tiles, second, copies));

        // When: the other is killed
        Set<Integer> standby = partitionsOf(second, true);
        copies.forgetRestored();
        RouterProcess.kill(first);
        send(producer, 0, TILES);

        // Then: every slide is complete, nothing was restored that the copy had, and every tile
        // was counted and routed once
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(reports(clients).values())
                        .hasSize(SLIDES)
                        .allMatch(StandbyTakeoverIT::isWhole));
        assertThat(standby).isNotEmpty();
        assertThat(copies.restored())
            .containsOnlyKeys(standby)
            .allSatisfy((partition, records) -> assertThat(records).isZero());
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(tilesSeen(clients)).isEqualTo(SLIDES * TILES));
        assertThat(alerts(clients)).isNotEmpty().doesNotHaveDuplicates();
      }
    }
  }

  private static KafkaStreams instance(ServiceConfig config, CopyWatch copies) {
    StreamsConfig streams = StreamsSettings.withStateOf(StreamsSettings.of(config), config, "test");
    KafkaStreams instance =
        new KafkaStreams(
            RoutingTopology.build(
                RoutingServiceSettings.topology(config), streams, TopologyListener.NONE),
            streams);
    instance.setGlobalStateRestoreListener(copies);
    instance.setStandbyUpdateListener(copies);
    return instance;
  }

  /** Sends each tile of a range twice. */
  private static void send(Producer<String, SpecificRecord> producer, int from, int to) {
    Random random = new Random(9);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int s = 0; s < SLIDES; s++) {
      String slide = ORGAN + "-slide-" + s;
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  Topics.SLIDES_SCANNED.name(), slide, TestRecords.manifest(slide, ORGAN, TILES))));
      for (int t = from; t < to; t++) {
        TileSegmented tile = TestRecords.tile(slide, slide + "/" + t, ORGAN, random.nextDouble());
        for (int copy = 0; copy < 2; copy++) {
          sent.add(producer.send(new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), slide, tile)));
        }
      }
    }
    producer.flush();
    assertThat(sent).allSatisfy(future -> assertThat(future).succeedsWithin(Duration.ZERO));
  }

  private static boolean hasActiveAndStandbyTasks(KafkaStreams instance) {
    return instance.state() == KafkaStreams.State.RUNNING
        && !partitionsOf(instance, false).isEmpty()
        && !partitionsOf(instance, true).isEmpty();
  }

  /** Says whether each standby task of the ledger holds every tile of its partition. */
  private static boolean hasACopyOf(
      Map<Integer, Long> tiles, KafkaStreams instance, CopyWatch copies) {
    return partitionsOf(instance, true).stream()
        .allMatch(partition -> copies.copied(partition) >= tiles.getOrDefault(partition, 0L));
  }

  /** Returns the partitions of the segmentations for which an instance runs or stands by. */
  private static Set<Integer> partitionsOf(KafkaStreams instance, boolean standby) {
    return instance.metadataForLocalThreads().stream()
        .flatMap(thread -> (standby ? thread.standbyTasks() : thread.activeTasks()).stream())
        .flatMap(task -> task.topicPartitions().stream())
        .filter(partition -> partition.topic().equals(Topics.TILES_SEGMENTED.name()))
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  /** Returns the number of distinct tiles by the partition on which the broker has them. */
  private static Map<Integer, Long> tilesByPartition(KafkaClients clients) {
    Map<String, Integer> partitions = new HashMap<>();
    CommittedRecords.of(clients, Topics.TILES_SEGMENTED)
        .forEach(tile -> partitions.put(tile.value().getTileId(), tile.partition()));
    return partitions.values().stream()
        .collect(Collectors.groupingBy(partition -> partition, Collectors.counting()));
  }

  /** Returns how many tiles routers have told of. */
  private static long tilesSeen(KafkaClients clients) {
    return CommittedRecords.valuesOf(clients, Topics.ORGANS_THRESHOLDS).stream()
        .filter(threshold -> threshold.getOrgan().equals(ORGAN))
        .reduce((earlier, later) -> later)
        .map(OrganThreshold::getTilesSeen)
        .orElse(0L);
  }

  private static Map<String, SlideReport> reports(KafkaClients clients) {
    return CommittedRecords.valuesOf(clients, Topics.SLIDES_REPORTED).stream()
        .collect(Collectors.toMap(SlideReport::getSlideId, r -> r, (earlier, later) -> later));
  }

  private static boolean isWhole(SlideReport report) {
    return report.getStatus() == ReportStatus.COMPLETE && report.getTilesSeen() == TILES;
  }

  private static List<String> alerts(KafkaClients clients) {
    return CommittedRecords.valuesOf(clients, Topics.TILES_REVIEW).stream()
        .map(alert -> alert.getSegmentation().getTileId())
        .toList();
  }

  /** Watches the ledger's copies and what is restored of it. */
  private static final class CopyWatch implements StandbyUpdateListener, StateRestoreListener {
    private final Map<Integer, Long> copied = new HashMap<>();
    private final Map<Integer, Long> restored = new HashMap<>();

    /** Returns the number of records that came to a partition's copy. */
    synchronized long copied(int partition) {
      return copied.getOrDefault(partition, 0L);
    }

    /** Returns the number of records that were restored, by partition. */
    synchronized Map<Integer, Long> restored() {
      return Map.copyOf(restored);
    }

    synchronized void forgetRestored() {
      restored.clear();
    }

    @Override
    public void onUpdateStart(TopicPartition partition, String store, long from) {}

    @Override
    public synchronized void onBatchLoaded(
        TopicPartition partition, String store, TaskId task, long to, long count, long end) {
      if (store.equals(SlideTiles.STORE)) {
        copied.merge(partition.partition(), count, Long::sum);
      }
    }

    @Override
    public void onUpdateSuspended(
        TopicPartition partition, String store, long to, long end, SuspendReason reason) {}

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long to, long count) {}

    @Override
    public synchronized void onRestoreEnd(TopicPartition partition, String store, long total) {
      if (store.equals(SlideTiles.STORE)) {
        restored.put(partition.partition(), total);
      }
    }
  }
}
