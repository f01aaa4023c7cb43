package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.finetuning.FineTuningService;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.inference.InferenceService;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.SecuredBroker;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.rights.Party;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.reporting.ReportingService;
import io.histoflow.routing.RoutingService;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicMismatchException;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.testing.TinyModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights on a broker that asks everybody for a name and refuses what is not granted. */
class AclsIT {
  private static final int EDGE = 32;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private SecuredBroker broker;

  @BeforeEach
  void start() {
    broker =
        SecuredBroker.start(folder.resolve("kafka"), Party.ALL.stream().map(AclsIT::user).toList());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldLetEveryServiceDoWhatItDoesAndNothingElse() throws Exception {
    // Given
    Contracts.ensureTopics(admin());
    JsonNode granted = acls("--apply");
    assertThat(granted.path("applied").asBoolean()).isTrue();

    // When
    for (Party party : Party.ALL) {
      try (Attempts attempts = new Attempts(config(party), admin())) {
        Set<String> done = attempts.allThatSucceed(party);

        // Then
        assertThat(done).as(party.word()).isEqualTo(Attempts.expected(granted, party.word()));
        attempts.transact(party);
      }
    }
  }

  @Test
  void shouldLetTheServicesThemselvesTakeATileToItsReport() throws Exception {
    // Given: nobody has created a topic
    acls("--apply");
    try (Service inference = new InferenceService(config(Party.INFERENCE));
        Service routing = new RoutingService(config(Party.ROUTING));
        Service fineTuning = new FineTuningService(config(Party.FINE_TUNING));
        Service reporting = new ReportingService(config(Party.REPORTING))) {
      List<Service> services = List.of(inference, routing, fineTuning, reporting);
      services.forEach(Service::start);

      // When
      KafkaClients scanner = new KafkaClients(config(Party.SCANNING), "test");
      try (Producer<String, TileScanned> tiles = scanner.producer(Topics.TILES_SCANNED, Map.of());
          Producer<String, SlideScanned> slides =
              scanner.producer(Topics.SLIDES_SCANNED, Map.of())) {
        slides.send(new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), "s", manifest())).get();
        tiles.send(new ProducerRecord<>(Topics.TILES_SCANNED.name(), "s/0", tile())).get();
      }

      // Then
      KafkaClients review = new KafkaClients(config(Party.REVIEW), "test");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(services).extracting(Service::state).containsOnly(ServiceState.RUNNING);
                assertThat(CommittedRecords.valuesOf(review, Topics.SLIDES_REPORTED))
                    .extracting(SlideReport::getSlideId)
                    .contains("s");
              });
      assertThat(CommittedRecords.valuesOf(review, Topics.TILES_SEGMENTED))
          .extracting(TileSegmented::getTileId)
          .containsExactly("s/0");
    }
  }

  @Test
  void shouldNameMissingTopicsWhereOthersCreateThem() throws Exception {
    // Given
    ServiceConfig admin = admin().with("histoflow.topics.create", "false");

    // When / Then
    assertThatExceptionOfType(TopicMismatchException.class)
        .isThrownBy(() -> Contracts.ensureTopics(admin))
        .withMessageStartingWith(
            "Topics are missing, or hidden from this user, and are not created")
        .withMessageContaining(Topics.TILES_DEAD_LETTER.name());

    // When the topics are there and nobody may create any
    Contracts.ensureTopics(admin());
    JsonNode granted = acls(admin, "--apply");
    // Then
    assertThat(rights(granted, "CREATE")).containsExactly("histoflow-routing-");
    for (Party party : Party.ALL) {
      Contracts.ensureTopics(config(party).with("histoflow.topics.create", "false"));
    }
  }

  private static Set<String> rights(JsonNode granted, String operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode right : granted.path("rights")) {
      for (JsonNode each : right.path("operations")) {
        if (each.asText().equals(operation)) {
          names.add(right.path("name").asText());
        }
      }
    }
    return names;
  }

  private JsonNode acls(String option) throws Exception {
    return acls(admin(), option);
  }

  private JsonNode acls(ServiceConfig config, String option) throws Exception {
    Path json = folder.resolve("acls.json");
    StringWriter err = new StringWriter();
    int code =
        Histoflow.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(
                "acls", "--config", saved(config).toString(), "--json", json.toString(), option);
    assertThat(code).as(err.toString()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    awaitGranted(result);
    return result;
  }

  /** The controller takes them first; a broker goes by them a moment later. */
  private void awaitGranted(JsonNode result) {
    int operations = 0;
    for (JsonNode right : result.path("rights")) {
      operations += right.path("operations").size();
    }
    int all = operations;
    try (Admin admin = new KafkaClients(admin(), "test").admin()) {
      await()
          .atMost(PATIENCE)
          .until(() -> admin.describeAcls(AclBindingFilter.ANY).values().get().size() == all);
    }
  }

  private Path saved(ServiceConfig config) {
    Path file = folder.resolve("admin.properties");
    config.save(file);
    return file;
  }

  private ServiceConfig admin() {
    return broker.config(SecuredBroker.ADMIN, Map.of());
  }

  private ServiceConfig config(Party party) throws Exception {
    return broker.config(
        user(party),
        Map.of(
            "histoflow.model.file",
            TinyModel.save(folder.resolve("tiny")).toString(),
            "histoflow.device",
            "cpu",
            "histoflow.routing.state.dir",
            folder.resolve("routing").toString(),
            "histoflow.reporting.database",
            folder.resolve("slides.db").toString()));
  }

  private static String user(Party party) {
    return "histoflow-" + party.word();
  }

  private static SlideScanned manifest() {
    return SlideScanned.newBuilder()
        .setSlideId("s")
        .setOrgan("kidney")
        .setTileCount(1)
        .setScannedAt(Instant.now())
        .build();
  }

  private static TileScanned tile() {
    return TileScanned.newBuilder()
        .setTileId("s/0")
        .setSlideId("s")
        .setOrgan("kidney")
        .setX(0)
        .setY(0)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMicronsPerPixel(0.25)
        .setFormat(ImageFormat.PNG)
        .setImage(
            ByteBuffer.wrap(
                RgbPng.encode(new SyntheticTissue(3).image("kidney", 0, EDGE, EDGE).image())))
        .setScanner(null)
        .setScannedAt(Instant.now())
        .build();
  }
}
