package io.histoflow.segmentation.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShippedModelTest {

  @Test
  void shouldShipTheModelThatItsCardDescribes() throws IOException {
    // When
    Checkpoint shipped = Checkpoint.shipped();

    // Then
    String card;
    try (InputStream in =
        ShippedModelTest.class.getResourceAsStream("/io/histoflow/segmentation/MODEL-CARD.md")) {
      card = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(card).contains(shipped.sha256()).contains(shipped.modelId());
    assertThat(card).contains("mask threshold " + shipped.maskThreshold());
    assertThat(shipped.version()).isZero();
    assertThat(shipped.metadata().micronsPerPixel()).hasValue(0.25);
    assertThat(shipped.metadata().licence()).contains("research use only");
    assertThat(shipped.thresholds().level()).hasValue(0.07);
    assertThat(card).contains("conformal risk control at level 0.07");
    assertThat(shipped.config().organs())
        .containsExactly("unknown", "bladder", "breast", "colon", "kidney", "lung");
  }
}
