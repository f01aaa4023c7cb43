package io.histoflow.topology.ledger;

import static io.histoflow.topology.StateBytes.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.TestRecords;
import io.histoflow.topology.streams.StateFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileEntryFormatTest {
  @Test
  void shouldKeepBackgroundAndWhetherATileWasCounted() {
    // Given
    TileSegmented glass = TestRecords.background("s", "t", "kidney", 1);

    // When
    TileEntry background = TileEntry.UNKNOWN.with(glass, false, false);
    TileEntry counted = background.with(TestRecords.tile("s", "t", "kidney", 0.3, 0), true, false);

    // Then: the result by newer weights stands
    assertThat(background.counted()).isFalse();
    assertThat(counted.counted()).isTrue();
    assertThat(counted.result()).isEqualTo(background.result());
    assertThat(again(TileEntry.serde(), background)).isEqualTo(background);
    assertThat(again(TileEntry.serde(), counted)).isEqualTo(counted);
  }

  @ParameterizedTest
  @ValueSource(bytes = {4, 6})
  void shouldRefuseTheFormatOfAnotherRelease(byte format) {
    assertThatExceptionOfType(StateFormatException.class)
        .isThrownBy(() -> TileEntry.serde().deserializer().deserialize("t", new byte[] {format, 0}))
        .withMessage(
            "State 'slide tiles' on t has format %d, this release reads 5: reset the application"
                + " with kafka-streams-application-reset",
            format);
  }
}
