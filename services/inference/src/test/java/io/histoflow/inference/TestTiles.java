package io.histoflow.inference;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.TileScanned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Scanned tiles for tests: synthetic tissue, as a scanner would publish it. */
final class TestTiles {
  static final Instant SCANNED_AT = Instant.parse("2025-06-01T12:00:00Z");
  private static final SyntheticTissue TISSUE = new SyntheticTissue(7);

  private TestTiles() {}

  static RgbImage image(int index, int size) {
    return TISSUE.tile(SyntheticTissue.organs().get(0), index, size).image();
  }

  /** A tile of synthetic tissue; a builder, so that a test can break one thing. */
  static TileScanned.Builder tile(String tileId, String slideId, int index, int size) {
    return tile(tileId, slideId, RgbPng.encode(image(index, size)), size, size);
  }

  /** A synthetic tile of empty glass. */
  static TileScanned.Builder glass(String tileId, String slideId, int size) {
    byte[] rgb = new byte[size * size * 3];
    Arrays.fill(rgb, (byte) 240);
    return tile(tileId, slideId, RgbPng.encode(RgbImage.of(size, size, rgb)), size, size);
  }

  static TileScanned.Builder tile(
      String tileId, String slideId, byte[] encoded, int width, int height) {
    return TileScanned.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan(SyntheticTissue.organs().get(0))
        .setX(0)
        .setY(0)
        .setWidth(width)
        .setHeight(height)
        .setMicronsPerPixel(0.25)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(encoded))
        .setScannedAt(SCANNED_AT);
  }

  /** Returns a PNG whose header declares another size, with a valid checksum. */
  static byte[] declaring(byte[] png, int width, int height) {
    byte[] changed = png.clone();
    ByteBuffer.wrap(changed).putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(changed, 12, 17);
    ByteBuffer.wrap(changed).putInt(29, (int) crc.getValue());
    return changed;
  }

  /** A record as the consumer hands it out, at offset 42 of partition 3. */
  static ConsumerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
    return new ConsumerRecord<>(
        topic,
        3,
        42L,
        SCANNED_AT.toEpochMilli(),
        TimestampType.CREATE_TIME,
        key == null ? 0 : key.length(),
        value == null ? 0 : value.length,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders(),
        Optional.of(5));
  }
}
