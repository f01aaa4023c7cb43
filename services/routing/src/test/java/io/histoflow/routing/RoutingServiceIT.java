package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TaskTopologies;
import io.histoflow.topology.TestRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service against a real broker with six partitions and a real schema registry. */
class RoutingServiceIT {
  @RegisterExtension static final PlatformExtension PLATFORM = PlatformExtension.fresh();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path stateDir;
  private ServiceConfig config;
  private KafkaClients clients;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private Producer<String, SpecificRecord> producer;

  @BeforeEach
  void connect(EmbeddedPlatform platform) {
    config =
        platform
            .config()
            .with("histoflow.routing.state.dir", stateDir.toString())
            .with("histoflow.reports.timeout", "2s")
            .with("histoflow.routing.audit.share", "0")
            .with("histoflow.routing.audit.background.share", "0")
            .with("histoflow.reports.update.delay", "200ms")
            .with("histoflow.routing.threads", "2");
    clients = new KafkaClients(config, "test");
    producer = clients.producer(Topics.all(), Map.of("batch.size", "100000", "linger.ms", "5"));
  }

  @AfterEach
  void disconnect() {
    producer.close();
    assertThat(sent).allSatisfy(future -> assertThat(future).succeedsWithin(Duration.ZERO));
  }

  @Test
  void shouldKeepACopyOfItsStateOnTheOtherInstance() throws Exception {
    // Given: two instances with a standby each
    ServiceConfig standby =
        config
            .with("histoflow.routing.threads", "1")
            .with("histoflow.routing.standby.replicas", "1");
    RoutingService first = started(standby);
    try (first;
        Admin admin = clients.admin();
        RoutingService second = started(standby.with("histoflow.worker.id", "1"))) {
      send(Topics.SLIDES_SCANNED, "s-slide", TestRecords.manifest("s-slide", "skin", 20));
      for (int t = 0; t < 10; t++) {
        send(producer, segmented("s-slide", "s-slide/" + t, "skin", 0.3));
      }

      // When: each task runs on one of them and stands by on the other; then one goes
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(members(admin))
                      .hasSize(2)
                      .allSatisfy(
                          member -> assertThat(member.assignment().standbyTasks()).isNotEmpty()));
      first.close();
      for (int t = 10; t < 20; t++) {
        send(producer, segmented("s-slide", "s-slide/" + t, "skin", 0.3));
      }

      // Then
      await().atMost(PATIENCE).until(() -> complete(reports("s-slide")) == 1);
      assertThat(reports("s-slide").values().iterator().next().getTilesSeen()).isEqualTo(20);
      assertThat(second.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  private static Collection<StreamsGroupMemberDescription> members(Admin admin) throws Exception {
    return admin
        .describeStreamsGroups(List.of(Groups.ROUTING))
        .all()
        .get()
        .get(Groups.ROUTING)
        .members();
  }

  @Test
  void shouldRouteTheBudgetsShareWhileOneInstanceHandsOverToAnother() {
    // Given: 40 slides over six partitions, every tile sent twice; another instance comes and the
    // first one goes while tiles flow
    Random random = new Random(11);
    Map<String, Double> scores = new HashMap<>();
    List<String> slides = IntStream.range(0, 40).mapToObj(i -> "r-slide-" + i).toList();
    slides.forEach(
        slide -> send(Topics.SLIDES_SCANNED, slide, TestRecords.manifest(slide, "liver", 10)));
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>();
    for (String slide : slides) {
      double mean = 0.3 + 0.1 * random.nextGaussian();
      for (int t = 0; t < 10; t++) {
        double score = Math.max(0, mean + 0.05 * random.nextGaussian());
        scores.put(slide + "/" + t, score);
        records.add(segmented(slide, slide + "/" + t, "liver", score));
      }
    }

    // When
    int third = records.size() / 3;
    RoutingService first = started(config);
    try (first) {
      records.subList(0, third).forEach(this::sendTwice);
      await().atMost(PATIENCE).until(() -> reports("r-slide-").size() >= 5);
      try (RoutingService second = started(config.with("histoflow.worker.id", "1"))) {
        records.subList(third, 2 * third).forEach(this::sendTwice);
        producer.flush();
        first.close();
        records.subList(2 * third, records.size()).forEach(this::sendTwice);
        await().atMost(PATIENCE).until(() -> complete(reports("r-slide-")) == 40);
        assertThat(second.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(first.state()).isEqualTo(ServiceState.STOPPED);
      }
    }

    // Then: each alert once, the budget held, and every slide complete
    List<String> alerted =
        CommittedRecords.of(clients, Topics.TILES_REVIEW).stream()
            .map(ConsumerRecord::key)
            .filter(key -> key.startsWith("r-"))
            .toList();
    assertThat(alerted).doesNotHaveDuplicates();
    assertThat(alerted.size() / 400.0).isBetween(0.05, 0.15);
    double meanRouted = alerted.stream().mapToDouble(scores::get).average().orElseThrow();
    double meanOfAll = scores.values().stream().mapToDouble(s -> s).average().orElseThrow();
    assertThat(meanRouted).isGreaterThan(meanOfAll);
    assertThat(reports("r-slide-").values())
        .allSatisfy(
            report -> {
              assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
              assertThat(report.getTilesSeen()).isEqualTo(10);
            });
    int requested =
        reports("r-slide-").values().stream().mapToInt(SlideReport::getReviewsRequested).sum();
    assertThat(requested).isEqualTo(alerted.size());
  }

  @Test
  void shouldReportOpenAndClosedReviewsAndIncompleteSlides() {
    try (RoutingService service = started()) {
      // Given: the first uncertain tile of an organ is always routed
      send(Topics.SLIDES_SCANNED, "c-1", TestRecords.manifest("c-1", "ovary", 1));
      send(Topics.SLIDES_SCANNED, "c-2", TestRecords.manifest("c-2", "ovary", 2));
      send(producer, segmented("c-1", "c-1/0", "ovary", 0.9));
      send(producer, segmented("c-2", "c-2/0", "ovary", 0.1));
      await()
          .atMost(PATIENCE)
          .until(() -> reports("c-").containsKey("c-1") && reports("c-").containsKey("c-2"));
      assertThat(reports("c-").get("c-1").getReviewsOpen()).isEqualTo(1);
      assertThat(reports("c-").get("c-2").getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
      assertThat(reports("c-").get("c-2").getTilesExpected()).isEqualTo(2);

      // When
      send(Topics.MASKS_CORRECTED, "c-1/0", TestRecords.correction("c-1", "c-1/0"));

      // Then
      await().atMost(PATIENCE).until(() -> reports("c-").get("c-1").getReviewsOpen() == 0);
      assertThat(reports("c-").get("c-1").getReviewsRequested()).isEqualTo(1);
      assertThat(service.failure()).isEmpty();
    }
  }

  @Test
  void shouldSendUnusableRecordsToTheDeadLetterTopicAndGoOn() {
    try (RoutingService service = started();
        Producer<byte[], byte[]> raw = clients.bytesProducer(Map.of())) {
      // Given: random bytes, an unknown schema id, and a key that is not the slide's
      byte[] key = bytes("d-bad");
      send(raw, new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), key, bytes("no avro")));
      send(
          raw,
          new ProducerRecord<>(
              Topics.TILES_SEGMENTED.name(), key, new byte[] {0, 0, 1, 0, 0, 2, 3, 4}));
      send(raw, new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), key, bytes("no avro either")));
      raw.flush();
      send(
          producer,
          new ProducerRecord<>(
              Topics.TILES_SEGMENTED.name(), "d-bad", TestRecords.tile("d-1", "x", "skin", 0.5)));
      producer.flush();

      // When
      send(Topics.SLIDES_SCANNED, "d-1", TestRecords.manifest("d-1", "skin", 1));
      send(producer, segmented("d-1", "d-1/0", "skin", 0.1));

      // Then: the good records beside them are used
      await().atMost(PATIENCE).until(() -> reports("d-").containsKey("d-1"));
      await().atMost(PATIENCE).until(() -> deadLetters("d-bad").size() == 4);
      List<ConsumerRecord<byte[], byte[]>> letters = deadLetters("d-bad");
      assertThat(letters)
          .anyMatch(letter -> text(letter, DeadLetters.MESSAGE).contains("magic byte"));
      assertThat(letters).anyMatch(letter -> text(letter, DeadLetters.MESSAGE).contains("65536"));
      assertThat(letters)
          .anyMatch(letter -> text(letter, DeadLetters.MESSAGE).contains("must be the slideId"));
      assertThat(letters)
          .anyMatch(letter -> text(letter, DeadLetters.TOPIC).equals(Topics.SLIDES_SCANNED.name()));
      assertThat(letters).anyMatch(letter -> "no avro".equals(string(letter.value())));
      assertThat(letters).allMatch(letter -> !text(letter, DeadLetters.OFFSET).isEmpty());
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldNotStopAtResultsThatDoNotFitAnAlert() {
    try (RoutingService service = started();
        Producer<byte[], byte[]> raw = clients.bytesProducer(Map.of())) {
      // Given: just what their topic takes, but not that of alerts; garbage in an own topic
      int most = Topics.TILES_SEGMENTED.maxMessageBytes() - 2_048;
      TileSegmented mask = TestRecords.tile("o-1", "o-1/mask", "skin", 0.9);
      mask.put("mask", ByteBuffer.allocate(most));
      TileSegmented map = TestRecords.tile("o-1", "o-1/map", "skin", 0.9);
      map.put("entropyMap", ByteBuffer.allocate(most));
      send(producer, new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), "o-1", mask));
      send(producer, new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), "o-1", map));
      producer.flush();
      send(
          raw,
          new ProducerRecord<>(
              TaskTopologies.summaries(Groups.ROUTING), bytes("o-organ"), bytes("garbage")));
      send(
          raw,
          new ProducerRecord<>(TaskTopologies.summaries(Groups.ROUTING), bytes("o-null"), null));
      raw.flush();

      // When
      send(Topics.SLIDES_SCANNED, "o-1", TestRecords.manifest("o-1", "skin", 2));
      send(producer, segmented("o-1", "o-1/good", "skin", 0.1));

      // Then
      await().atMost(PATIENCE).until(() -> complete(reports("o-")) == 1);
      await().atMost(PATIENCE).until(() -> deadLetters("o-1").size() == 1);
      await().atMost(PATIENCE).until(() -> deadLetters("o-organ").size() == 1);
      assertThat(text(deadLetters("o-1").get(0), DeadLetters.MESSAGE)).contains("o-1/mask", "fit");
      assertThat(text(deadLetters("o-1").get(0), DeadLetters.SERVICE)).isEqualTo("routing");
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
      assertThat(service.trouble()).isEmpty();
    }
  }

  @Test
  void shouldTakeASlideOutWhoseManifestIsDeleted() {
    try (RoutingService service = started()) {
      // Given
      send(Topics.SLIDES_SCANNED, "x-1", TestRecords.manifest("x-1", "bone", 1));
      send(producer, segmented("x-1", "x-1/0", "bone", 0.9));
      await().atMost(PATIENCE).until(() -> complete(reports("x-")) == 1);

      // When
      send(producer, new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), "x-1", null));

      // Then
      await()
          .atMost(PATIENCE)
          .until(() -> reports("x-").containsKey("x-1") && reports("x-").get("x-1") == null);
      List<ConsumerRecord<String, ReviewRequested>> alerts =
          CommittedRecords.of(clients, Topics.TILES_REVIEW).stream()
              .filter(alert -> alert.key().equals("x-1/0"))
              .toList();
      assertThat(alerts).hasSize(2);
      assertThat(alerts.get(1).value()).isNull();
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldShowWhatIsKnownOfRecallFromTheStartOn() {
    // Given: estimates of two versions, of which a worker has gone back to the first
    send(
        producer,
        new ProducerRecord<>(
            Topics.RECALL_ESTIMATES.name(),
            "kidney/S360/3",
            RecallGaugesTest.estimate("kidney", 3, 0.9, null)));
    send(
        producer,
        new ProducerRecord<>(
            Topics.RECALL_ESTIMATES.name(),
            "kidney/S360/4",
            RecallGaugesTest.estimate("kidney", 4, 0.8, null)));
    send(
        producer,
        new ProducerRecord<>(
            Topics.WORKERS_VERSIONS.name(), "one", RecallGaugesTest.worker("one", 3, 20)));
    producer.flush();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    // When
    try (RoutingService service = new RoutingService(config, registry)) {
      service.start();

      // Then
      assertThat(registry.get(RecallGauges.RECALL).tag("organ", "kidney").gauge().value())
          .isEqualTo(0.9);
    }
  }

  @Test
  void shouldReadARecordAgainOnceTheRegistryAnswersAgain(EmbeddedPlatform platform)
      throws Exception {
    try (FlakyRegistry registry = new FlakyRegistry(platform.registryUrl());
        RoutingService service =
            new RoutingService(
                config
                    .with("schema.registry.url", registry.url(platform.registryUrl()))
                    .with("histoflow.routing.progress.timeout", "1s"))) {
      // Given: a running service, and a manifest of a newer version of its contract
      service.start();
      Schema newer =
          new Schema.Parser()
              .parse(
                  Topics.SLIDES_SCANNED
                      .schema()
                      .toString()
                      .replaceFirst(
                          "\"fields\":\\[",
                          "\"fields\":[{\"name\":\"lab\",\"type\":\"string\",\"default\":\"\"},"));
      GenericRecordBuilder manifest = new GenericRecordBuilder(newer);
      manifest.set("lab", "north");
      manifest.set("slideId", "f-1");
      manifest.set("organ", "lung");
      manifest.set("tileCount", 0);
      manifest.set("scannedAt", 1L);
      byte[] value = encode(register(platform, newer), manifest.build());

      // When: it comes while the registry is down (threads that end are replaced)
      registry.setDown(true);
      try (Producer<byte[], byte[]> raw = clients.bytesProducer(Map.of())) {
        send(raw, new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), bytes("f-1"), value));
      }
      await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> registry.refused() > 1);
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
      await().atMost(PATIENCE).until(() -> service.trouble().isPresent());
      assertThat(service.trouble().orElseThrow()).contains("last failure", "registry");
      registry.setDown(false);

      // Then: it is used, and was no dead letter
      await()
          .dontCatchUncaughtExceptions()
          .atMost(PATIENCE)
          .until(() -> reports("f-").containsKey("f-1"));
      assertThat(deadLetters("f-1")).isEmpty();
    }
  }

  @Test
  void shouldKeepTheStateOfEachClusterAndWorkerApart() throws Exception {
    // Given
    String clusterId;
    try (Admin admin = clients.admin()) {
      clusterId = admin.describeCluster().clusterId().get();
    }

    // When
    try (RoutingService service = started()) {
      // Then
      assertThat(stateDir.resolve(clusterId).resolve("worker-0")).isNotEmptyDirectory();
      assertThat(service.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldSayWhyItCannotStart() {
    // Given: nothing listens there
    ServiceConfig nowhere =
        config
            .with("bootstrap.servers", "127.0.0.1:1")
            .with("default.api.timeout.ms", "2000")
            .with("request.timeout.ms", "1000");

    // When / Then
    try (RoutingService service = new RoutingService(nowhere)) {
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(service::start)
          .withMessageContaining("routing could not start");
      assertThat(service.state()).isEqualTo(ServiceState.FAILED);
    }
  }

  @Test
  void shouldRefuseSettingsThatDoNotFitTogether() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new RoutingService(config.with("histoflow.routing.window.tiles", "40")))
        .withMessageContaining("windowTiles is 40");
  }

  private static long complete(Map<String, SlideReport> reports) {
    return reports.values().stream()
        .filter(report -> report.getStatus() == ReportStatus.COMPLETE)
        .count();
  }

  private RoutingService started() {
    return started(config);
  }

  private static RoutingService started(ServiceConfig config) {
    RoutingService service = new RoutingService(config);
    service.start();
    return service;
  }

  private static ProducerRecord<String, SpecificRecord> segmented(
      String slide, String tile, String organ, double score) {
    return new ProducerRecord<>(
        Topics.TILES_SEGMENTED.name(), slide, TestRecords.tile(slide, tile, organ, score));
  }

  private <K, V> void send(Producer<K, V> to, ProducerRecord<K, V> record) {
    sent.add(to.send(record));
  }

  private void sendTwice(ProducerRecord<String, SpecificRecord> record) {
    send(producer, record);
    send(producer, record);
  }

  private void send(TopicSpec<?> topic, String key, SpecificRecord value) {
    send(producer, new ProducerRecord<>(topic.name(), key, value));
  }

  private Map<String, SlideReport> reports(String prefix) {
    Map<String, SlideReport> latest = new HashMap<>();
    for (ConsumerRecord<String, SlideReport> record :
        CommittedRecords.of(clients, Topics.SLIDES_REPORTED)) {
      if (record.key().startsWith(prefix)) {
        latest.put(record.key(), record.value());
      }
    }
    return latest;
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    return CommittedRecords.withKey(clients, Topics.TILES_DEAD_LETTER.name(), key);
  }

  private static int register(EmbeddedPlatform platform, Schema schema) throws Exception {
    try (SchemaRegistryClient client =
        SchemaRegistryClientFactory.newClient(
            List.of(platform.registryUrl()), 10, List.of(), Map.of(), Map.of())) {
      return client.register(Topics.SLIDES_SCANNED.subject(), new AvroSchema(schema));
    }
  }

  private static byte[] encode(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
    return DeadLetters.text(letter.headers(), header);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String string(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
