package io.histoflow.topology.ledger;

import static io.histoflow.topology.StateBytes.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.TestRecords;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

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

  @Test
  void shouldRefuseAFormatFromTheFuture() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> TileEntry.serde().deserializer().deserialize("t", new byte[] {5, 0}))
        .withMessageContaining("format 5")
        .withMessageContaining("reset");
  }
}
