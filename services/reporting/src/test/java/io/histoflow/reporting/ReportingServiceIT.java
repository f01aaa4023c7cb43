package io.histoflow.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class ReportingServiceIT {
  private static final String TOPIC = Topics.SLIDES_REPORTED.name();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private ServiceConfig config;
  private KafkaClients clients;
  private Producer<String, SlideReport> producer;

  @BeforeEach
  void connect(EmbeddedPlatform platform) {
    config =
        platform
            .config()
            .with("histoflow.reporting.database", directory.resolve("slides.db").toString())
            .with("histoflow.reporting.export.dir", directory.resolve("out").toString())
            .with("histoflow.reporting.export.interval", "50ms");
    clients = new KafkaClients(config, "test");
    producer = clients.producer(Topics.SLIDES_REPORTED, Map.of());
  }

  @AfterEach
  void disconnect() {
    producer.close();
  }

  @Test
  void shouldKeepTheLatestReportOfEverySlideAndExportIt() {
    try (ReportingService service = started()) {
      // When
      for (int revision = 1; revision <= 3; revision++) {
        for (int slide = 0; slide < 20; slide++) {
          send("k-" + slide, Reports.report("k-" + slide, revision, revision * 10));
        }
      }
      send("k-19", null);

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                Map<String, SlideReport> rows = rows("k-");
                assertThat(rows).hasSize(19);
                assertThat(rows.values()).allMatch(row -> row.getRevision() == 3);
              });
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Files.readString(directory.resolve("out/slides.csv")))
                      .contains("k-0,kidney,COMPLETE,30")
                      .doesNotContain("k-19"));
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldReadOnWhereItStoppedAndNotTwice() {
    // Given: a service that stopped behind the first report
    send("r-1", Reports.report("r-1", 1, 1));
    try (ReportingService first = started()) {
      await().atMost(PATIENCE).until(() -> rows("r-").containsKey("r-1"));
      assertThat(first.state()).isEqualTo(ServiceState.RUNNING);
    }
    // Someone deletes the row: only a second reading of the report would bring it back
    try (ReportStore store = ReportStore.open(directory.resolve("slides.db"))) {
      store.apply(List.of(ReportChange.deletion(new TopicPartition("another", 0), 0, "r-1")));
    }

    // When
    send("r-2", Reports.report("r-2", 1, 1));
    try (ReportingService second = started()) {
      await().atMost(PATIENCE).until(() -> rows("r-").containsKey("r-2"));

      // Then
      assertThat(second.state()).isEqualTo(ServiceState.RUNNING);
      assertThat(rows("r-")).containsOnlyKeys("r-2");
    }
  }

  @Test
  void shouldSendUnusableReportsToTheDeadLetterTopicAndGoOn() throws Exception {
    // Given
    try (ReportingService service = started();
        Producer<byte[], byte[]> raw = clients.bytesProducer(Map.of())) {
      raw.send(new ProducerRecord<>(TOPIC, bytes("d-bad"), bytes("no avro"))).get();
      raw.send(new ProducerRecord<>(TOPIC, bytes("d-bad"), new byte[] {0, 0, 1, 0, 0, 1})).get();
      send("d-bad", Reports.report("d-other", 1, 1));

      // When
      send("d-good", Reports.report("d-good", 1, 1));

      // Then
      await().atMost(PATIENCE).until(() -> rows("d-").containsKey("d-good"));
      await().atMost(PATIENCE).until(() -> deadLetters("d-bad").size() == 3);
      assertThat(deadLetters("d-bad"))
          .extracting(letter -> DeadLetters.text(letter.headers(), DeadLetters.MESSAGE))
          .anyMatch(message -> message.contains("magic byte"))
          .anyMatch(message -> message.contains("schema id 65536"))
          .anyMatch(message -> message.contains("must be the slideId"));
      assertThat(rows("d-")).containsOnlyKeys("d-good");
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldNotStopAtReportsThatNoDatabaseOrTableHolds() throws Exception {
    // Given
    MeterRegistry metrics = new SimpleMeterRegistry();
    try (ReportingService service = new ReportingService(config, metrics)) {
      service.start();
      SlideReport noNumber = Reports.report("n-nan", 1, 1);
      noNumber.put("positiveFraction", Double.NaN);
      send("n-nan", noNumber);
      for (String id : List.of("n-a\0b", "n-a\u202Eb", "n-" + "x".repeat(300))) {
        send(id, Reports.report(id, 1, 1));
      }
      SlideReport scan = Reports.report("n-scan", 1, 1);
      scan.put("scanId", "x".repeat(200_000));
      send("n-scan", scan);

      // When
      send("n-good", Reports.report("n-good", 1, 1));

      // Then
      await().atMost(PATIENCE).until(() -> rows("n-").containsKey("n-good"));
      await().atMost(PATIENCE).until(() -> deadLetters("n-nan").size() == 1);
      assertThat(rows("n-")).containsOnlyKeys("n-good");
      assertThat(metrics.get(ReportingMetrics.RECORDS).tag("outcome", "rejected").counter().count())
          .isEqualTo(5);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
      assertThat(service.trouble()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWhenTheDatabaseCanBeUsedAgain() throws Exception {
    try (ReportingService service =
        new ReportingService(config.with("histoflow.reporting.progress.timeout", "1ms"))) {
      // Given: somebody takes the table away
      service.start();
      send("g-1", Reports.report("g-1", 1, 1));
      await().atMost(PATIENCE).until(() -> rows("g-").containsKey("g-1"));
      database("ALTER TABLE slide_report RENAME TO aside");

      // When
      send("g-2", Reports.report("g-2", 1, 1));

      // Then: it says so, and goes on once the table is back
      await().atMost(PATIENCE).until(() -> service.trouble().isPresent());
      assertThat(service.trouble().orElseThrow()).contains(TOPIC, "offset", "slide_report");
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
      database("ALTER TABLE aside RENAME TO slide_report");
      await().atMost(PATIENCE).until(() -> rows("g-").containsKey("g-2"));
      await().atMost(PATIENCE).until(() -> service.trouble().isEmpty());
    }
  }

  private void database(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("slides.db"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA busy_timeout = 10000");
      statement.executeUpdate(sql);
    }
  }

  @Test
  void shouldNotStartOnTheDatabaseOfAnotherCluster() {
    // Given
    try (ReportStore store = ReportStore.open(directory.resolve("slides.db"))) {
      store.claim("another-cluster");
    }

    // When / Then
    try (ReportingService service = new ReportingService(config)) {
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(service::start)
          .withMessageContaining("belongs to Kafka cluster another-cluster");
    }
  }

  private ReportingService started() {
    ReportingService service = new ReportingService(config);
    service.start();
    return service;
  }

  private void send(String key, SlideReport report) {
    assertThat(producer.send(new ProducerRecord<>(TOPIC, key, report))).succeedsWithin(PATIENCE);
  }

  private Map<String, SlideReport> rows(String prefix) {
    Map<String, SlideReport> rows = new TreeMap<>();
    try (ReportStore store = ReportStore.open(directory.resolve("slides.db"))) {
      store.forEach(
          row -> {
            if (row.getSlideId().startsWith(prefix)) {
              rows.put(row.getSlideId(), row);
            }
          });
    }
    return rows;
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    return CommittedRecords.withKey(clients, Topics.TILES_DEAD_LETTER.name(), key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
