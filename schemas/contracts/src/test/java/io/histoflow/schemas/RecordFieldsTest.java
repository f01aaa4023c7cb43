package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.junit.jupiter.api.Test;

class RecordFieldsTest {

  @Test
  void shouldGiveFieldsAsPlainValuesInTheOrderOfTheirNames() {
    // Given
    ReviewRequested alert = Examples.reviewRequested();
    TileSegmented segmentation = alert.getSegmentation();

    // When
    Map<String, Object> fields = RecordFields.of(alert, "score", "reason", "requestedAt");

    // Then
    assertThat(fields).containsOnlyKeys("score", "reason", "requestedAt");
    assertThat(fields.keySet()).containsExactly("score", "reason", "requestedAt");
    assertThat(fields)
        .containsEntry("score", alert.getScore())
        .containsEntry("reason", alert.getReason().name())
        .containsEntry("requestedAt", alert.getRequestedAt().toString());
    assertThat(RecordFields.of(segmentation, "tile"))
        .containsEntry(
            "tile",
            Map.of(
                "topic", segmentation.getTile().getTopic(),
                "partition", segmentation.getTile().getPartition(),
                "offset", segmentation.getTile().getOffset()));
  }

  @Test
  void shouldRefuseAFieldThatTheContractDoesNotHave() {
    assertThatExceptionOfType(AvroRuntimeException.class)
        .isThrownBy(() -> RecordFields.of(Examples.reviewRequested(), "scroe"))
        .withMessageContaining("scroe");
  }
}
