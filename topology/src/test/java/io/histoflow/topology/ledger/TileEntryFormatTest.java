package io.histoflow.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
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
                new TileEntry.Result(3, 77, -1, -1, 5_000, 1_000, 0.5, 0.1, 0.2), 77, true, false));
    assertThat(again(TileEntry.serde(), tile)).isEqualTo(tile);
    assertThat(again(TileEntry.serde(), TileEntry.UNKNOWN.withVerdict()))
        .isEqualTo(TileEntry.UNKNOWN.withVerdict());
  }

  @Test
  void shouldRefuseAFormatFromTheFuture() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> TileEntry.serde().deserializer().deserialize("t", new byte[] {3, 0}))
        .withMessageContaining("format 3")
        .withMessageContaining("reset");
  }

  private static <T> T again(Serde<T> serde, T value) {
    return serde.deserializer().deserialize("t", serde.serializer().serialize("t", value));
  }

  private static byte[] bytes(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.write(out);
    }
    return bytes.toByteArray();
  }

  private interface Fields {
    void write(DataOutputStream out) throws IOException;
  }
}
