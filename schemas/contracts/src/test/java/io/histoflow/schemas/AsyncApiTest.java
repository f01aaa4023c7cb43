package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.asyncapi.schemas.asyncapi.multiformat.AvroFormatSchema;
import com.asyncapi.v3._0_0.model.AsyncAPI;
import com.asyncapi.v3._0_0.model.channel.Channel;
import com.asyncapi.v3._0_0.model.channel.message.Message;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsyncApiTest {
  private static final Path PUBLISHED = Path.of("../asyncapi.json");

  @Test
  void shouldBeWhatStandsInTheRepository() throws Exception {
    // Given, when
    String document = AsyncApi.document();
    Files.writeString(Path.of("target/asyncapi.json"), document);

    // Then
    assertThat(Files.readString(PUBLISHED))
        .as("replace schemas/asyncapi.json by contracts/target/asyncapi.json")
        .isEqualTo(document);
  }

  @Test
  void shouldBeReadByAnotherImplementationOfTheSpecification() throws Exception {
    // Given
    JsonMapper strict =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    // When
    AsyncAPI read = strict.readValue(Files.readString(PUBLISHED), AsyncAPI.class);

    // Then
    assertThat(read.getChannels().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Topics.all().stream().map(TopicSpec::name),
                    Stream.of(Topics.TILES_DEAD_LETTER.name()))
                .toList());
    assertThat(read.getChannels().values()).allMatch(Channel.class::isInstance);
    for (TopicSpec<?> topic : Topics.all()) {
      Message message =
          (Message)
              read.getComponents()
                  .getMessages()
                  .get(topic.name().replace("histoflow.", "").replace(".v1", ""));
      assertThat(message.getPayload()).isInstanceOf(AvroFormatSchema.class);
    }
  }

  @Test
  void shouldReferToNothingThatIsNotThere() throws Exception {
    // Given
    JsonNode document = new JsonMapper().readTree(AsyncApi.document());

    // When
    List<String> references = new ArrayList<>();
    document.findValuesAsText("$ref", references);

    // Then
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse());
  }
}
