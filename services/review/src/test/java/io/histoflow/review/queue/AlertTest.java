package io.histoflow.review.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.support.TestAlert;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertTest {
  private static final RecordPosition POSITION =
      new RecordPosition(Topics.TILES_REVIEW.name(), 0, 7);

  @Test
  void shouldKeepAllOfTheRecordButMaskEntropyMapAndProbabilities() {
    // Given
    ReviewRequested request =
        with(
            Map.of(
                "scanner", "scanner-1", "replayed", true, "background", true, "scanId", "scan-1"));

    // When
    Alert alert = Alert.of("tile", request, POSITION);

    // Then
    TileSegmented whole = request.getSegmentation();
    assertThat(alert.segmentation().getMask().remaining()).isZero();
    assertThat(alert.segmentation().getEntropyMap()).isNull();
    assertThat(alert.segmentation().getProbabilities()).isNull();
    assertThat(
            RecordCopy.with(
                alert.segmentation(),
                Map.of(
                    "mask",
                    whole.getMask(),
                    "entropyMap",
                    whole.getEntropyMap(),
                    "probabilities",
                    whole.getProbabilities())))
        .isEqualTo(whole);
    assertThat(RecordCopy.with(alert.request(), Map.of("segmentation", whole))).isEqualTo(request);
    assertThat(alert.hasEntropyMap()).isTrue();
    assertThat(alert.hasProbabilities()).isTrue();
  }

  @Test
  void shouldRefuseNamesThatWouldFillTheMemory() {
    for (String field : new String[] {"organ", "scanner", "scanId", "routingScoreName"}) {
      assertThatThrownBy(() -> Alert.of("tile", with(Map.of(field, "x".repeat(257))), POSITION))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(field + " is 257 characters long where 256 are allowed");
    }
  }

  private static ReviewRequested with(Map<String, ?> changes) {
    ReviewRequested request = TestAlert.of("tile", "liver", 0.5).requested(0);
    return RecordCopy.with(
        request, Map.of("segmentation", RecordCopy.with(request.getSegmentation(), changes)));
  }
}
