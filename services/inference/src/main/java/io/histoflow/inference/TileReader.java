package io.histoflow.inference;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads tiles out of records, in two steps: the contract first, which is cheap and says how large
 * the image will be, the pixels later and on another thread.
 */
final class TileReader {
  private static final TextRule TILE_ID = TextRule.id("tileId");
  private static final TextRule SLIDE_ID = TextRule.id("slideId");
  private static final TextRule SCAN_ID = TextRule.name("scanId");
  // An empty organ or scanner is one that nobody named.
  private static final TextRule ORGAN = new TextRule("organ", 0, 128);
  private static final TextRule SCANNER = new TextRule("scanner", 0, 128);

  private final Deserializer<TileScanned> deserializer;
  private final ImageLimits limits;
  private final ModelResolution model;
  private final ImageDecoder decoder;

  /**
   * Makes a reader.
   *
   * @param limits of a tile, in its own pixels and in the model's
   * @param model at what resolution tiles are to be segmented, the same for all its versions
   */
  TileReader(Deserializer<TileScanned> deserializer, ImageLimits limits, ModelResolution model) {
    this.deserializer = deserializer;
    this.limits = limits;
    this.model = model;
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
    require(TILE_ID, tile.getTileId());
    requireKey(source.key(), tile.getTileId());
    require(SLIDE_ID, tile.getSlideId());
    require(SCAN_ID, tile.getScanId());
    require(SCANNER, tile.getScanner());
    requireGeometry(tile);
    ScannedTile scanned =
        new ScannedTile(
            tile,
            organ(tile),
            new TileLocation(source.topic(), source.partition(), source.offset()),
            scale(tile));
    requireSizeAtModel(scanned);
    return scanned;
  }

  /**
   * Decodes the tile's image and brings it to the model's resolution; may be called on several
   * threads at a time.
   *
   * @return an image in the model's pixels
   * @throws RejectedRecordException when it is no image, a damaged one, or one of another size
   */
  RgbImage decode(ScannedTile tile) throws RejectedRecordException {
    TileScanned record = tile.record();
    try {
      return tile.scale()
          .toModel(
              decoder.decode(
                  ContractData.bytes(record.getImage()), record.getWidth(), record.getHeight()));
    } catch (ImageRejectedException e) {
      throw new RejectedRecordException(
          "Tile " + record.getTileId() + " cannot be decoded: " + e.getMessage() + ".", e);
    }
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

  private static void require(TextRule rule, String text) throws RejectedRecordException {
    Optional<String> fault = Optional.ofNullable(text).flatMap(rule::fault);
    if (fault.isPresent()) {
      throw new RejectedRecordException(fault.get());
    }
  }

  private void requireGeometry(TileScanned tile) throws RejectedRecordException {
    if (tile.getX() < 0
        || tile.getY() < 0
        || tile.getX() > Integer.MAX_VALUE - limits.maxWidth()
        || tile.getY() > Integer.MAX_VALUE - limits.maxHeight()) {
      throw new RejectedRecordException(
          "Tile %s lies at (%s, %s); x and y must be 0 to %s."
              .formatted(
                  tile.getTileId(),
                  tile.getX(),
                  tile.getY(),
                  Integer.MAX_VALUE - Math.max(limits.maxWidth(), limits.maxHeight())));
    }
    if (!(tile.getDownsample() >= 1) || Double.isInfinite(tile.getDownsample())) {
      throw new RejectedRecordException(
          "Tile %s has a downsample of %s; it must be a number of 1 or more."
              .formatted(tile.getTileId(), tile.getDownsample()));
    }
    long pixels = (long) tile.getWidth() * tile.getHeight();
    if (tile.getWidth() < 1
        || tile.getHeight() < 1
        || tile.getWidth() > limits.maxWidth()
        || tile.getHeight() > limits.maxHeight()
        || pixels > limits.maxPixels()) {
      throw new RejectedRecordException(
          "Tile %s is %s x %s pixels; 1 x 1 to %s x %s are allowed."
              .formatted(
                  tile.getTileId(),
                  tile.getWidth(),
                  tile.getHeight(),
                  limits.maxWidth(),
                  limits.maxHeight()));
    }
  }

  private Rescaling scale(TileScanned tile) throws RejectedRecordException {
    Double microns = tile.getMicronsPerPixel();
    OptionalDouble known = microns == null ? OptionalDouble.empty() : OptionalDouble.of(microns);
    Optional<String> fault = model.fault(known);
    if (fault.isPresent()) {
      throw new RejectedRecordException(
          "Tile %s cannot be segmented: %s.".formatted(tile.getTileId(), fault.get()));
    }
    return model.of(known);
  }

  private void requireSizeAtModel(ScannedTile tile) throws RejectedRecordException {
    if (tile.modelWidth() > limits.maxWidth()
        || tile.modelHeight() > limits.maxHeight()
        || tile.modelWidth() * tile.modelHeight() > limits.maxPixels()) {
      throw new RejectedRecordException(
          ("Tile %s is %s x %s pixels of %s micrometres, at the %s of the model %s x %s; %s x %s are"
                  + " allowed: cut the slide into tiles of %s pixels or less.")
              .formatted(
                  tile.record().getTileId(),
                  tile.record().getWidth(),
                  tile.record().getHeight(),
                  tile.record().getMicronsPerPixel(),
                  model.micronsPerPixel().orElseThrow(),
                  tile.modelWidth(),
                  tile.modelHeight(),
                  limits.maxWidth(),
                  limits.maxHeight(),
                  (int) (Math.min(limits.maxWidth(), limits.maxHeight()) / tile.scale().factor())));
    }
  }

  /** Composed letters may be more than were written. */
  private static String organ(TileScanned tile) throws RejectedRecordException {
    require(ORGAN, tile.getOrgan());
    String organ = OrganName.of(tile.getOrgan());
    require(ORGAN, organ);
    return organ;
  }
}
