package io.histoflow.finetuning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.Verdict;
import io.histoflow.segmentation.dataset.LabelledTile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads corrections out of records and checks that they can be learned from. */
final class CorrectionReader {

  private final Deserializer<MaskCorrected> deserializer;

  /**
   * @param deserializer configured for the values of masks.corrected
   */
  CorrectionReader(Deserializer<MaskCorrected> deserializer) {
    this.deserializer = deserializer;
  }

  /**
   * Reads a verdict, and decodes its image and mask once to see that they are sound.
   *
   * @param source a record with a value
   * @return the verdict; empty in it is the correction where the tile is not to be learned from
   * @throws RejectedRecordException when the record breaks its contract or its images are damaged
   * @throws io.histoflow.schemas.RegistryUnavailableException when nothing can be known about it
   */
  TileVerdict read(ConsumerRecord<byte[], byte[]> source) throws RejectedRecordException {
    MaskCorrected record = deserialize(source);
    requireKey(source.key(), record.getTileId());
    if (record.getVerdict() != Verdict.CONFIRMED && record.getVerdict() != Verdict.CORRECTED) {
      return TileVerdict.notToLearnFrom(record.getReviewer(), record.getTileId());
    }
    Correction correction =
        new Correction(
            record.getTileId(),
            organ(record),
            bytes(record.getImage()),
            bytes(record.getMask()),
            source.partition(),
            source.offset(),
            Instant.ofEpochMilli(source.timestamp()));
    requireSizes(record, decode(correction));
    return TileVerdict.of(record.getReviewer(), correction);
  }

  private MaskCorrected deserialize(ConsumerRecord<byte[], byte[]> source)
      throws RejectedRecordException {
    try {
      return deserializer.deserialize(source.topic(), source.value());
    } catch (MalformedRecordException e) {
      throw new RejectedRecordException(e.getMessage(), e);
    }
  }

  private static void requireKey(byte[] key, String tileId) throws RejectedRecordException {
    if (tileId.isBlank()) {
      throw new RejectedRecordException("The correction names no tile: tileId is empty.");
    }
    if (key == null || !Arrays.equals(key, tileId.getBytes(StandardCharsets.UTF_8))) {
      throw new RejectedRecordException(
          "The correction of tile "
              + tileId
              + " was published under another key; the key must be the tileId.");
    }
  }

  private static LabelledTile decode(Correction correction) throws RejectedRecordException {
    try {
      return correction.decode();
    } catch (ImageRejectedException | IllegalArgumentException e) {
      throw new RejectedRecordException(
          "The correction of tile " + correction.tileId() + " cannot be used: " + e.getMessage(),
          e);
    }
  }

  private static void requireSizes(MaskCorrected record, LabelledTile tile)
      throws RejectedRecordException {
    requireSize(record, "image", tile.image().width(), tile.image().height());
    requireSize(record, "mask", tile.mask().width(), tile.mask().height());
  }

  private static void requireSize(MaskCorrected record, String what, int width, int height)
      throws RejectedRecordException {
    if (width != record.getWidth() || height != record.getHeight()) {
      throw new RejectedRecordException(
          "The correction of tile "
              + record.getTileId()
              + " says "
              + record.getWidth()
              + " x "
              + record.getHeight()
              + " pixels, but its "
              + what
              + " has "
              + width
              + " x "
              + height
              + ".");
    }
  }

  private static String organ(MaskCorrected record) {
    return OrganName.of(record.getOrgan());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
