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
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A machine that sleeps in the middle of a transaction, for longer than the brokers wait. */
@DisabledOnOs(OS.WINDOWS)
class PausedRouterIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SLIDES = 6;
  private static final int TILES = 40;

  @TempDir private Path directory;

  @Test
  void shouldGoOnAfterAPauseAndCountEveryTileOnce(EmbeddedPlatform platform) throws Exception {
    // Given
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.routing.state.dir", directory.resolve("state").toString())
            .with("histoflow.reports.update.delay", "100ms")
            .with("histoflow.routing.commit.interval", "1s")
            .with("histoflow.routing.start.timeout", "2m")
            .with("transaction.timeout.ms", "3000");
    KafkaClients clients = new KafkaClients(config, "test");
    try (Producer<String, SpecificRecord> producer = clients.producer(Topics.all(), Map.of());
        Admin admin = clients.admin();
        ChildProcess router = RouterProcess.start(config, directory)) {
      send(producer, 0, 1);
      await()
          .atMost(PATIENCE)
          .until(() -> !CommittedRecords.valuesOf(clients, Topics.ORGANS_THRESHOLDS).isEmpty());

      // When: it sleeps within a transaction until the brokers have given that up
      int sent = 1;
      do {
        signal(router, "CONT");
        assertThat(sent).as("tries to catch it within a transaction").isLessThan(TILES - 1);
        send(producer, sent, ++sent);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> isOpen(admin));
        signal(router, "STOP");
      } while (!isOpen(admin));
      await().atMost(PATIENCE).until(() -> !isOpen(admin));
      signal(router, "CONT");
      send(producer, sent, TILES);
      for (int s = 0; s < SLIDES; s++) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    Topics.SLIDES_SCANNED.name(),
                    "s-" + s,
                    TestRecords.manifest("s-" + s, "lung", TILES)));
      }
      producer.flush();

      // Then: the same process goes on
      await()
          .atMost(PATIENCE)
          .until(() -> !router.isAlive() || complete(reports(clients)) == SLIDES);
      assertThat(router.isAlive()).as(router.lastLogLines(5).toString()).isTrue();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                List<OrganThreshold> thresholds =
                    CommittedRecords.valuesOf(clients, Topics.ORGANS_THRESHOLDS);
                assertThat(thresholds.get(thresholds.size() - 1).getTilesSeen())
                    .isEqualTo(SLIDES * TILES);
              });
      assertThat(CommittedRecords.valuesOf(clients, Topics.TILES_REVIEW))
          .extracting((ReviewRequested alert) -> alert.getSegmentation().getTileId())
          .doesNotHaveDuplicates();
      Map<String, Integer> revisions = new HashMap<>();
      for (SlideReport report : reports(clients)) {
        assertThat(report.getRevision())
            .isEqualTo(revisions.merge(report.getSlideId(), 1, Integer::sum));
      }
      assertThat(router.isAlive()).isTrue();
    }
  }

  private static void send(Producer<String, SpecificRecord> producer, int from, int to) {
    for (int s = 0; s < SLIDES; s++) {
      for (int t = from; t < to; t++) {
        String slide = "s-" + s;
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(
                    Topics.TILES_SEGMENTED.name(),
                    slide,
                    TestRecords.tile(slide, slide + "/" + t, "lung", t / (double) TILES)));
      }
    }
    producer.flush();
  }

  private static boolean isOpen(Admin admin) throws Exception {
    return admin.listTransactions().all().get().stream()
        .anyMatch(transaction -> transaction.state() == TransactionState.ONGOING);
  }

  private static void signal(ChildProcess process, String signal)
      throws IOException, InterruptedException {
    int rc =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertThat(rc).isZero();
  }

  private static List<SlideReport> reports(KafkaClients clients) {
    return CommittedRecords.valuesOf(clients, Topics.SLIDES_REPORTED);
  }

  private static long complete(List<SlideReport> reports) {
    return reports.stream()
        .filter(report -> report.getStatus() == ReportStatus.COMPLETE)
        .map(SlideReport::getSlideId)
        .distinct()
        .count();
  }
}
