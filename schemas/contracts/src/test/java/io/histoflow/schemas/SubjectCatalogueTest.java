package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubjectCatalogueTest {
  private String scope;
  private Map<String, Object> config;
  private SchemaRegistryClient client;

  @BeforeEach
  void connect() {
    scope = UUID.randomUUID().toString();
    config = Map.of("schema.registry.url", "mock://" + scope);
    client = MockSchemaRegistry.getClientForScope(scope);
  }

  @Test
  void shouldRegisterEveryContractAsFullyCompatible() throws Exception {
    // When
    SubjectCatalogue.ensure(config);

    // Then
    List<String> subjects = Topics.all().stream().map(TopicSpec::subject).toList();
    assertThat(client.getAllSubjects()).containsExactlyInAnyOrderElementsOf(subjects);
    for (String subject : subjects) {
      assertThat(client.getCompatibility(subject)).isEqualTo("FULL_TRANSITIVE");
    }
  }

  @Test
  void shouldChangeNothingTheSecondTime() throws Exception {
    // Given
    SubjectCatalogue.ensure(config);

    // When
    SubjectCatalogue.ensure(config);

    // Then
    for (TopicSpec<?> spec : Topics.all()) {
      assertThat(client.getAllVersions(spec.subject())).containsExactly(1);
    }
  }

  @Test
  void shouldRegisterPlainContractsWithoutJavaProperties() throws Exception {
    // When
    SubjectCatalogue.ensure(config);

    // Then
    for (TopicSpec<?> spec : Topics.all()) {
      assertThat(client.getLatestSchemaMetadata(spec.subject()).getSchema())
          .doesNotContain("avro.java.string")
          .contains("\"doc\"");
    }
  }

  @Test
  void shouldRefuseAFieldWithoutDefaultAndNameIt() {
    refused("{\"name\":\"stain\",\"type\":\"string\"},", "'stain'");
  }

  @Test
  void shouldRefuseAChangedTypeDeepInsideAndNameTheField() {
    // Given
    SubjectCatalogue.ensure(config);
    String text = Topics.TILES_REVIEW.schema().toString();
    Schema broken =
        new Schema.Parser()
            .parse(
                text.replace(
                    "{\"name\":\"partition\",\"type\":\"int\"",
                    "{\"name\":\"partition\",\"type\":\"string\""));

    // When / Then
    assertThatExceptionOfType(IncompatibleContractException.class)
        .isThrownBy(() -> SubjectCatalogue.ensure(config, Topics.TILES_REVIEW.subject(), broken))
        .withMessageContaining(Topics.TILES_REVIEW.subject())
        .withMessageContaining("'segmentation.tile.partition'");
  }

  @Test
  void shouldCompareWithEveryVersionAndNotOnlyTheLatest() throws Exception {
    // Given: version 1 has 'note' as a string, version 2 does not have it
    String subject = "histoflow.test.v1-value";
    SubjectCatalogue.ensure(config, subject, note("string", "\"\""));
    SubjectCatalogue.ensure(config, subject, note(null, null));

    // When / Then: an int fits version 2 but not version 1
    assertThatExceptionOfType(IncompatibleContractException.class)
        .isThrownBy(() -> SubjectCatalogue.ensure(config, subject, note("int", "0")))
        .withMessageContaining("version 1")
        .withMessageContaining("'note'");
    assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
  }

  private static Schema note(String type, String defaultValue) {
    String note =
        type == null
            ? ""
            : ",{\"name\":\"note\",\"type\":\"" + type + "\",\"default\":" + defaultValue + "}";
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"Example\",\"fields\":["
                + "{\"name\":\"id\",\"type\":\"string\"}"
                + note
                + "]}");
  }

  private void refused(String field, String named) {
    // Given
    SubjectCatalogue.ensure(config);
    String text = Topics.TILES_SCANNED.schema().toString();
    Schema broken =
        new Schema.Parser().parse(text.replaceFirst("\"fields\":\\[", "\"fields\":[" + field));

    // When / Then
    assertThatExceptionOfType(IncompatibleContractException.class)
        .isThrownBy(() -> SubjectCatalogue.ensure(config, Topics.TILES_SCANNED.subject(), broken))
        .withMessageContaining(Topics.TILES_SCANNED.subject())
        .withMessageContaining(named);
  }
}
