package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads corrections out of records, and checks that they can be learned from. Routing reads the
 * same records for their ids: what it refuses, namely what is no Avro and wrong ids and keys, is
 * left to it, so that one of the two sends the dead letter.
 *
 * @param deserializer of corrections
 * @param model at what resolution the model learns from them, the same for all its versions
 */
record CorrectionReader(Deserializer<MaskCorrected> deserializer, ModelResolution model) {
  private static final TextRule TILE_ID = TextRule.id("tileId");
  private static final TextRule SLIDE_ID = TextRule.id("slideId");
  private static final TextRule REVIEWER = TextRule.name("reviewer");

  /** May be empty: the organ is unknown then. */
  private static final TextRule ORGAN = new TextRule("organ", 0, TextRule.name("organ").most());

  /**
   * Reads a verdict; its image and mask are not decoded.
   *
   * @param source a record with a value
   * @return the verdict; empty in it is the correction where the tile is not to be learned from
   * @throws MalformedRecordException when routing refuses the record, too, and sends its dead
   *     letter
   * @throws RejectedRecordException when it breaks its contract in another way
   * @throws io.histoflow.schemas.RegistryUnavailableException when nothing can be known about it
   */
  TileVerdict read(ConsumerRecord<byte[], byte[]> source) throws RejectedRecordException {
    MaskCorrected record = deserializer.deserialize(source.topic(), source.value());
    requireIds(source.key(), record);
    requireNames(record);
    if (record.getVerdict() != Verdict.CONFIRMED && record.getVerdict() != Verdict.CORRECTED) {
      return TileVerdict.notToLearnFrom(record.getReviewer(), record.getTileId());
    }
    requireSize(record);
    Correction correction =
        new Correction(
            record.getTileId(),
            OrganName.of(record.getOrgan()),
            record.getWidth(),
            record.getHeight(),
            micronsPerPixel(record),
            scale(record),
            (long) record.getImage().remaining() + record.getMask().remaining(),
            source.partition(),
            source.offset(),
            Instant.ofEpochMilli(source.timestamp()),
            record.getAudited());
    return TileVerdict.of(
        record.getReviewer(),
        new EncodedCorrection(
            correction,
            ContractData.bytes(record.getImage()),
            ContractData.bytes(record.getMask())));
  }

  /**
   * Decodes a correction once to see that its images are sound.
   *
   * @throws RejectedRecordException when they are not
   */
  static void requireSound(EncodedCorrection correction) throws RejectedRecordException {
    try {
      LabelledTile unused = correction.decode();
    } catch (ImageRejectedException | IllegalArgumentException e) {
      throw unusable(correction.correction(), e);
    }
  }

  /** Says that the images of a correction are not sound. */
  static RejectedRecordException unusable(Correction correction, Exception why) {
    return new RejectedRecordException(
        "The correction of tile " + correction.tileId() + " cannot be used: " + why.getMessage(),
        why);
  }

  private static void requireIds(byte[] key, MaskCorrected record) {
    TILE_ID
        .fault(record.getTileId())
        .or(() -> SLIDE_ID.fault(record.getSlideId()))
        .ifPresent(
            fault -> {
              throw new MalformedRecordException(fault);
            });
    if (key == null || !Arrays.equals(key, record.getTileId().getBytes(StandardCharsets.UTF_8))) {
      throw new MalformedRecordException(
          "The correction of tile %s was published under another key; the key must be the tileId."
              .formatted(record.getTileId()));
    }
  }

  private static void requireNames(MaskCorrected record) throws RejectedRecordException {
    Optional<String> fault =
        ORGAN.fault(record.getOrgan()).or(() -> REVIEWER.fault(record.getReviewer()));
    if (fault.isPresent()) {
      throw new RejectedRecordException(
          "The correction of tile " + record.getTileId() + " cannot be used: " + fault.get());
    }
  }

  private static OptionalDouble micronsPerPixel(MaskCorrected record) {
    Double microns = record.getMicronsPerPixel();
    return microns == null ? OptionalDouble.empty() : OptionalDouble.of(microns);
  }

  private Rescaling scale(MaskCorrected record) throws RejectedRecordException {
    Optional<String> fault = model.fault(micronsPerPixel(record));
    if (fault.isPresent()) {
      throw new RejectedRecordException(
          "The correction of tile %s cannot be used: %s."
              .formatted(record.getTileId(), fault.get()));
    }
    Rescaling scale = model.of(micronsPerPixel(record));
    long width = scale.length(record.getWidth());
    long height = scale.length(record.getHeight());
    ImageLimits limits = ImageLimits.forTiles();
    if (width > limits.maxWidth() || height > limits.maxHeight()) {
      throw new RejectedRecordException(
          ("The correction of tile %s is %d x %d pixels at the model's resolution; %d x %d are"
                  + " allowed.")
              .formatted(record.getTileId(), width, height, limits.maxWidth(), limits.maxHeight()));
    }
    return scale;
  }

  private static void requireSize(MaskCorrected record) throws RejectedRecordException {
    ImageLimits limits = ImageLimits.forTiles();
    boolean allowed =
        record.getWidth() >= 1
            && record.getHeight() >= 1
            && record.getWidth() <= limits.maxWidth()
            && record.getHeight() <= limits.maxHeight();
    if (!allowed) {
      throw new RejectedRecordException(
          "The correction of tile %s says %d x %d pixels; 1 x 1 to %d x %d are allowed."
              .formatted(
                  record.getTileId(),
                  record.getWidth(),
                  record.getHeight(),
                  limits.maxWidth(),
                  limits.maxHeight()));
    }
  }
}
