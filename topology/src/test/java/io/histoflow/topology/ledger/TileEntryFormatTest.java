package io.histoflow.topology.ledger;

import static io.histoflow.topology.StateBytes.again;
import static io.histoflow.topology.StateBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.TestRecords;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** State that an earlier release wrote is read on. */
class TileEntryFormatTest {
  @Test
  void shouldReadTilesOfTheFirstFormat() throws IOException {
    // Given
    byte[] first =
        bytes(
            out -> {
              out.writeByte(1);
              out.writeBoolean(true);
              out.writeLong(3);
              out.writeLong(5_000);
              out.writeLong(1_000);
              out.writeDouble(0.5);
              out.writeDouble(0.1);
              out.writeDouble(0.2);
              out.writeLong(77);
              out.writeBoolean(true);
              out.writeBoolean(false);
            });

    // When
    TileEntry tile = TileEntry.serde().deserializer().deserialize("t", first);

    // Then
    assertThat(tile)
        .isEqualTo(
            new TileEntry(
                new TileEntry.Result(3, 77, -1, -1, 5_000, 1_000, 0.5, 0.1, 0.2, false),
                77,
                true,
                true,
                false));
    assertThat(again(TileEntry.serde(), tile)).isEqualTo(tile);
    assertThat(again(TileEntry.serde(), TileEntry.UNKNOWN.withVerdict()))
        .isEqualTo(TileEntry.UNKNOWN.withVerdict());
  }

  @Test
  void shouldReadTilesOfTheSecondFormatAsCountedWhereTheyWereSegmented() throws IOException {
    // When
    TileEntry segmented = TileEntry.serde().deserializer().deserialize("t", second(true));
    TileEntry judged = TileEntry.serde().deserializer().deserialize("t", second(false));

    // Then
    assertThat(segmented)
        .isEqualTo(
            new TileEntry(
                new TileEntry.Result(3, 99, 512, 256, 5_000, 1_000, 0.5, 0.1, 0.2, false),
                77,
                true,
                false,
                true));
    assertThat(judged.counted()).isFalse();
    assertThat(judged.segmented()).isFalse();
    assertThat(again(TileEntry.serde(), segmented)).isEqualTo(segmented);
  }

  @Test
  void shouldKeepBackgroundAndWhetherATileWasCounted() {
    // Given
    TileSegmented glass = TestRecords.background("s", "t", "kidney", 1);

    // When
    TileEntry background = TileEntry.UNKNOWN.with(glass, false);
    TileEntry counted = background.with(TestRecords.tile("s", "t", "kidney", 0.3, 0), false);

    // Then: the result by newer weights stands
    assertThat(background.counted()).isFalse();
    assertThat(counted.counted()).isTrue();
    assertThat(counted.result()).isEqualTo(background.result());
    assertThat(again(TileEntry.serde(), background)).isEqualTo(background);
    assertThat(again(TileEntry.serde(), counted)).isEqualTo(counted);
  }

  private static byte[] second(boolean segmented) throws IOException {
    return bytes(
        out -> {
          out.writeByte(2);
          out.writeBoolean(segmented);
          out.writeLong(3);
          out.writeLong(5_000);
          out.writeLong(1_000);
          out.writeDouble(0.5);
          out.writeDouble(0.1);
          out.writeDouble(0.2);
          out.writeLong(77);
          out.writeBoolean(false);
          out.writeBoolean(true);
          out.writeLong(99);
          out.writeInt(512);
          out.writeInt(256);
        });
  }

  @Test
  void shouldRefuseAFormatFromTheFuture() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> TileEntry.serde().deserializer().deserialize("t", new byte[] {4, 0}))
        .withMessageContaining("format 4")
        .withMessageContaining("reset");
  }
}
