package io.histoflow.topology.reports;

import static io.histoflow.topology.StateBytes.again;
import static io.histoflow.topology.StateBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** State that an earlier release wrote is read on. */
class SlideStateFormatTest {
  @Test
  void shouldReadSlidesOfTheFirstFormat() throws IOException {
    // Given
    byte[] first =
        bytes(
            out -> {
              out.writeByte(1);
              out.writeUTF("kidney");
              out.writeInt(9);
              out.writeInt(8);
              out.writeInt(2);
              out.writeBoolean(false);
            });

    // When
    SlideState slide = SlideState.serde().deserializer().deserialize("t", first);

    // Then
    assertThat(slide)
        .isEqualTo(
            new SlideState(
                "kidney", 9, 8, 2, false, SlideGrid.NONE, Double.NaN, ModelHistory.EMPTY));
    SlideState present = slide.withResult(1, 5).withResult(0, 4);
    assertThat(again(SlideState.serde(), present)).isEqualTo(present);
  }
}
