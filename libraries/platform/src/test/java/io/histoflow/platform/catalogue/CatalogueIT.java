package io.histoflow.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.Cleanup;
import io.histoflow.schemas.IncompatibleContractException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.TopicMismatchException;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class CatalogueIT {
  private static final short ONE = 1;

  @Test
  void shouldHoldEveryContractAsFullyCompatible(EmbeddedPlatform platform) throws Exception {
    try (SchemaRegistryClient client = client(platform)) {
      for (TopicSpec<?> spec : Topics.all()) {
        assertThat(client.getCompatibility(spec.subject())).isEqualTo("FULL_TRANSITIVE");
        assertThat(client.getAllVersions(spec.subject())).containsExactly(1);
      }
    }
  }

  @Test
  void shouldRegisterNothingTwice(EmbeddedPlatform platform) throws Exception {
    // When
    SubjectCatalogue.ensure(platform.config().clientProperties());

    // Then
    try (SchemaRegistryClient client = client(platform)) {
      assertThat(client.getAllVersions(Topics.TILES_REVIEW.subject())).containsExactly(1);
    }
  }

  @Test
  void shouldRefuseAContractThatBreaksAndNameTheField(EmbeddedPlatform platform) {
    // Given
    String subject = "histoflow.catalogue-test.v1-value";
    Map<String, Object> config = platform.config().clientProperties();
    SubjectCatalogue.ensure(config, subject, schema("\"int\""));

    // When / Then
    assertThatExceptionOfType(IncompatibleContractException.class)
        .isThrownBy(() -> SubjectCatalogue.ensure(config, subject, schema("\"string\"")))
        .withMessageContaining(subject)
        .withMessageContaining("'tileCount'");
  }

  @Test
  void shouldHaveTheRegistryItselfRefuseABreak(EmbeddedPlatform platform) throws Exception {
    // Given
    String subject = "histoflow.registry-test.v1-value";
    SubjectCatalogue.ensure(platform.config().clientProperties(), subject, schema("\"int\""));

    // When / Then
    try (SchemaRegistryClient client = client(platform)) {
      assertThat(
              client.testCompatibility(
                  subject,
                  new io.confluent.kafka.schemaregistry.avro.AvroSchema(schema("\"string\""))))
          .isFalse();
    }
  }

  @Test
  void shouldReadBackThroughTheRegistryWhatWasWritten(EmbeddedPlatform platform) {
    try (Serde<SlideScanned> serde =
        AvroSerdes.of(Topics.SLIDES_SCANNED, platform.config().clientProperties())) {
      // Given
      SlideScanned manifest =
          SlideScanned.newBuilder()
              .setSlideId("s")
              .setOrgan("kidney")
              .setTileCount(3)
              .setScannedAt(Instant.ofEpochMilli(1))
              .build();
      String topic = Topics.SLIDES_SCANNED.name();

      // When
      byte[] bytes = serde.serializer().serialize(topic, manifest);

      // Then
      assertThat(serde.deserializer().deserialize(topic, bytes)).isEqualTo(manifest);
      bytes[1] = 0x7f;
      assertThatExceptionOfType(MalformedRecordException.class)
          .isThrownBy(() -> serde.deserializer().deserialize(topic, bytes))
          .withMessageContaining("does not know");
    }
  }

  @Test
  void shouldWaitForASubjectThatWasDeletedFromTheRegistry(@TempDir Path folder) throws Exception {
    // Given: a platform of its own, because others read the subjects of the shared one
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      String topic = Topics.SLIDES_SCANNED.name();
      SlideScanned manifest =
          SlideScanned.newBuilder()
              .setSlideId("s")
              .setOrgan("kidney")
              .setTileCount(3)
              .setScannedAt(Instant.ofEpochMilli(1))
              .build();
      byte[] bytes = written(platform, topic, manifest);
      String subject = Topics.SLIDES_SCANNED.subject();
      client(platform).deleteSubject(Map.of(), subject, false);
      client(platform).deleteSubject(Map.of(), subject, true);

      // When
      try (Serde<SlideScanned> serde =
          AvroSerdes.of(Topics.SLIDES_SCANNED, platform.config().clientProperties())) {

        // Then: the record waits, and the subject is there again for those that are yet to come
        assertThatExceptionOfType(RegistryUnavailableException.class)
            .isThrownBy(() -> serde.deserializer().deserialize(topic, bytes))
            .withMessageContaining("does not know any more");
        assertThat(client(platform).getAllSubjects()).contains(subject);
        byte[] next = written(platform, topic, manifest);
        assertThat(serde.deserializer().deserialize(topic, next)).isEqualTo(manifest);
      }
    }
  }

  @Test
  void shouldNotBlameARecordForAnAddressThatIsNoRegistrys(EmbeddedPlatform platform) {
    // Given: the registry's server, but not its Confluent API
    String elsewhere = platform.registryUrl().replaceFirst("/apis/.*", "/nothing-here");
    try (Serde<SlideScanned> serde =
        AvroSerdes.of(Topics.SLIDES_SCANNED, Map.of("schema.registry.url", elsewhere))) {
      // When / Then
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(
              () -> serde.deserializer().deserialize("topic", new byte[] {0, 0, 0, 0, 1, 2}))
          .withMessageContaining("404");
    }
  }

  @Test
  void shouldCreateWhatIsMissingAndLeaveItAlone(EmbeddedPlatform platform) throws Exception {
    try (Admin admin = admin(platform)) {
      // Given
      TopicLayout layout = new TopicLayout("catalogue-new", 3, Cleanup.COMPACT, null, 2_000_000);

      // When
      TopicCatalogue.ensure(admin, ONE, List.of(layout));
      TopicCatalogue.ensure(admin, ONE, List.of(layout));

      // Then
      assertThat(
              admin
                  .describeTopics(Set.of("catalogue-new"))
                  .allTopicNames()
                  .get()
                  .get("catalogue-new")
                  .partitions())
          .hasSize(3);
    }
  }

  @Test
  void shouldSayHowAnExistingTopicDiffers(EmbeddedPlatform platform) {
    try (Admin admin = admin(platform)) {
      // Given
      String name = "catalogue-other";
      TopicCatalogue.ensure(
          admin, ONE, List.of(new TopicLayout(name, 2, Cleanup.COMPACT, null, 1_000_000)));

      // When / Then
      assertThatExceptionOfType(TopicMismatchException.class)
          .isThrownBy(
              () ->
                  TopicCatalogue.ensure(
                      admin,
                      ONE,
                      List.of(new TopicLayout(name, 6, Cleanup.DELETE, null, 9_000_000))))
          .withMessageContaining("Topic catalogue-other has 2 partitions where 6 are needed")
          .withMessageContaining("cleanup.policy=compact where delete is needed")
          .withMessageContaining("max.message.bytes=1000000 where at least 9000000 is needed");
      TopicCatalogue.ensure(
          admin, ONE, List.of(new TopicLayout(name, 2, Cleanup.COMPACT, null, 500_000)));
    }
  }

  @Test
  void shouldLetScannedTilesBeSharedOutAmongMoreWorkers(EmbeddedPlatform platform)
      throws Exception {
    try (Admin admin = admin(platform)) {
      // Given: an operator who gave the topic more partitions
      String scanned = Topics.TILES_SCANNED.name();
      admin.createPartitions(Map.of(scanned, NewPartitions.increaseTo(8))).all().get();

      // When: a service starts that knows nothing of it
      TopicSetup.ensure(admin, platform.config());

      // Then: it takes the topic as it is; other topics it would refuse
      assertThat(
              admin.describeTopics(Set.of(scanned)).allTopicNames().get().get(scanned).partitions())
          .hasSize(8);
      assertThat(Topics.layouts(24))
          .filteredOn(layout -> layout.partitions() == 24)
          .extracting(TopicLayout::name)
          .containsExactly(scanned);
    }
  }

  private static byte[] written(EmbeddedPlatform platform, String topic, SlideScanned manifest) {
    try (Serde<SlideScanned> serde =
        AvroSerdes.of(Topics.SLIDES_SCANNED, platform.config().clientProperties())) {
      return serde.serializer().serialize(topic, manifest);
    }
  }

  private static Schema schema(String type) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"Example\",\"fields\":["
                + "{\"name\":\"tileCount\",\"type\":"
                + type
                + "}]}");
  }

  private static Admin admin(EmbeddedPlatform platform) {
    ServiceConfig config = platform.config();
    return new KafkaClients(config, "catalogue-test").admin();
  }

  private static SchemaRegistryClient client(EmbeddedPlatform platform) {
    return SchemaRegistryClientFactory.newClient(
        List.of(platform.registryUrl()), 10, List.of(), Map.of(), Map.of());
  }
}
