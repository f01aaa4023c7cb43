package io.histoflow.inference;

import io.histoflow.imaging.ImageDecoder;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads tiles out of records, in two steps: the contract first, which is cheap and says how large
 * the image will be, the pixels later and on another thread.
 */
final class TileReader {
  private static final int MOST_ID_CHARACTERS = 256;
  private static final int MOST_ORGAN_CHARACTERS = 128;

  private final Deserializer<TileScanned> deserializer;
  private final ImageLimits limits;
  private final ImageDecoder decoder;

  /**
   * @param deserializer configured for the values of tiles.scanned; used by one thread
   * @param limits the largest tile that is let in
   */
  TileReader(Deserializer<TileScanned> deserializer, ImageLimits limits) {
    this.deserializer = deserializer;
    this.limits = limits;
    this.decoder = new ImageDecoder(limits);
  }

  /**
   * Reads a record without its pixels.
   *
   * @throws RejectedRecordException when the record breaks its contract
   * @throws io.histoflow.schemas.RegistryUnavailableException when the schema cannot be asked for;
   *     nothing is known about the record then
   */
  ScannedTile read(ConsumerRecord<byte[], byte[]> source) throws RejectedRecordException {
    TileScanned tile = deserialize(source);
    requireText("tileId", tile.getTileId(), MOST_ID_CHARACTERS);
    requireKey(source.key(), tile.getTileId());
    requireText("slideId", tile.getSlideId(), MOST_ID_CHARACTERS);
    requireGeometry(tile);
    return new ScannedTile(
        tile, organ(tile), new TileLocation(source.topic(), source.partition(), source.offset()));
  }

  /**
   * Decodes the tile's image; may be called on several threads at a time.
   *
   * @return an image of the size that the record declares
   * @throws RejectedRecordException when it is no image, a damaged one, or one of another size
   */
  RgbImage decode(ScannedTile tile) throws RejectedRecordException {
    TileScanned record = tile.record();
    RgbImage image;
    try {
      image = decoder.decode(bytes(record.getImage()));
    } catch (ImageRejectedException e) {
      throw new RejectedRecordException(
          "Tile " + record.getTileId() + " cannot be decoded: " + e.getMessage() + ".", e);
    }
    if (image.width() != record.getWidth() || image.height() != record.getHeight()) {
      throw new RejectedRecordException(
          "Tile "
              + record.getTileId()
              + " says it is "
              + record.getWidth()
              + " x "
              + record.getHeight()
              + " pixels, but its image has "
              + image.width()
              + " x "
              + image.height()
              + ".");
    }
    return image;
  }

  private TileScanned deserialize(ConsumerRecord<byte[], byte[]> source)
      throws RejectedRecordException {
    if (source.value() == null) {
      throw new RejectedRecordException(
          "The record has no value: a scanned tile cannot be withdrawn by a tombstone.");
    }
    try {
      return deserializer.deserialize(source.topic(), source.value());
    } catch (MalformedRecordException e) {
      throw new RejectedRecordException(e.getMessage(), e);
    }
  }

  private static void requireKey(byte[] key, String tileId) throws RejectedRecordException {
    if (key == null) {
      throw new RejectedRecordException(
          "Tile " + tileId + " was published without a key; the key must be the tileId.");
    }
    if (!Arrays.equals(key, tileId.getBytes(StandardCharsets.UTF_8))) {
      throw new RejectedRecordException(
          "Tile " + tileId + " was published under another key; the key must be the tileId.");
    }
  }

  private static void requireText(String field, String text, int most)
      throws RejectedRecordException {
    if (text.isBlank() || text.length() > most) {
      throw new RejectedRecordException(
          "The field "
              + field
              + " has "
              + text.length()
              + " characters; it needs 1 to "
              + most
              + ", not all blank.");
    }
  }

  private void requireGeometry(TileScanned tile) throws RejectedRecordException {
    if (tile.getX() < 0 || tile.getY() < 0) {
      throw new RejectedRecordException(
          "Tile "
              + tile.getTileId()
              + " lies at ("
              + tile.getX()
              + ", "
              + tile.getY()
              + "); x and y must be 0 or more.");
    }
    long pixels = (long) tile.getWidth() * tile.getHeight();
    if (tile.getWidth() < 1
        || tile.getHeight() < 1
        || tile.getWidth() > limits.maxWidth()
        || tile.getHeight() > limits.maxHeight()
        || pixels > limits.maxPixels()) {
      throw new RejectedRecordException(
          "Tile "
              + tile.getTileId()
              + " is "
              + tile.getWidth()
              + " x "
              + tile.getHeight()
              + " pixels; 1 x 1 to "
              + limits.maxWidth()
              + " x "
              + limits.maxHeight()
              + " are allowed.");
    }
    Double microns = tile.getMicronsPerPixel();
    if (microns != null && !(microns > 0 && microns <= Double.MAX_VALUE)) {
      throw new RejectedRecordException(
          "Tile "
              + tile.getTileId()
              + " has "
              + microns
              + " micrometres per pixel; that must be a number above 0, or absent.");
    }
  }

  private static String organ(TileScanned tile) throws RejectedRecordException {
    String organ = OrganName.of(tile.getOrgan());
    if (organ.length() > MOST_ORGAN_CHARACTERS) {
      throw new RejectedRecordException(
          "Tile "
              + tile.getTileId()
              + " names an organ of "
              + organ.length()
              + " characters; at most "
              + MOST_ORGAN_CHARACTERS
              + " are allowed.");
    }
    return organ;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer.hasArray()
        && buffer.arrayOffset() == 0
        && buffer.position() == 0
        && buffer.remaining() == buffer.array().length) {
      return buffer.array();
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
