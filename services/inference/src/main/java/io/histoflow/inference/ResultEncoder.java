package io.histoflow.inference;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the network says of a tile into the record that is published, keyed by slide. A result
 * that its topic would not take goes without its probabilities, without its entropy map too, or is
 * refused.
 *
 * @param serializer configured for the values of tiles.segmented; used by several threads
 * @param routingScore the score by which tiles are routed
 * @param entropyMap whether results carry the entropy map
 * @param probabilities whether results carry the probabilities
 * @param mostBytes largest result, usually {@link #MOST_BYTES}
 * @param replayed whether results say that they were replayed
 */
record ResultEncoder(
    Serializer<TileSegmented> serializer,
    RoutingScore routingScore,
    boolean entropyMap,
    boolean probabilities,
    int mostBytes,
    boolean replayed) {
  private static final Logger log = LoggerFactory.getLogger(ResultEncoder.class);

  /** What a review request adds to a result, and Kafka to a record. */
  private static final int HEADROOM = 64 << 10;

  /** Largest result in bytes, key and value: its review request has a topic to fit too. */
  static final int MOST_BYTES =
      Math.min(Topics.TILES_SEGMENTED.maxMessageBytes(), Topics.TILES_REVIEW.maxMessageBytes())
          - HEADROOM;

  /**
   * Encodes a result; may be called on several threads at a time. Pixels under ink are never
   * positive. The routing score is the network's own, ink or not: its scale is the organ's. It and
   * the entropies are of the tile at the model's resolution, so that those of all tiles compare;
   * mask, probabilities and entropy map are in the tile's own pixels.
   *
   * @param decoded the tile
   * @param segmentation what the network says of it, in the model's pixels
   * @param model the weights that said so
   * @throws RejectedRecordException when the network's answer is no number, or the result is larger
   *     than its topic allows
   * @throws io.histoflow.schemas.RegistryUnavailableException when the contract's id cannot be
   *     asked for
   */
  Answer encode(DecodedTile decoded, Segmentation segmentation, Checkpoint model)
      throws RejectedRecordException {
    double score = segmentation.score(routingScore, decoded.image());
    Optional<Mask> ink = decoded.ink();
    Segmentation tissue = ink.map(segmentation::without).orElse(segmentation);
    EntropySummary entropy = tissue.entropy();
    if (!Double.isFinite(score + entropy.mean() + entropy.tail())) {
      throw new RejectedRecordException(
          "The network's answer for tile %s is no number: the weights in force do not suit it."
              .formatted(decoded.tile().record().getTileId()));
    }
    ScannedTile tile = decoded.tile();
    int width = tile.record().getWidth();
    int height = tile.record().getHeight();
    double share =
        ink.map(mask -> mask.positivePixels() / (double) mask.values().length).orElse(0.0);
    return encode(
        tile,
        result(
                tile,
                tissue.back(tile.scale(), width, height),
                entropy.back(tile.scale(), width, height),
                model)
            .setRoutingScore(score)
            .setInkFraction(share)
            .setBackground(false));
  }

  /**
   * Encodes the result of a tile without tissue: an empty mask, no entropy, and the lowest routing
   * score, whichever score it is; may be called on several threads at a time.
   *
   * @param tile the tile
   * @param model the weights in force, which the network would have segmented it with
   * @throws RejectedRecordException when the result is larger than its topic allows
   * @throws io.histoflow.schemas.RegistryUnavailableException when the contract's id cannot be
   *     asked for
   */
  Answer encodeBackground(ScannedTile tile, Checkpoint model) throws RejectedRecordException {
    Segmentation nothing =
        Segmentation.nothing(
            tile.record().getWidth(),
            tile.record().getHeight(),
            model.maskThreshold(tile.organ()),
            model.config().organs().get(model.config().indexOf(tile.organ())));
    return encode(
        tile,
        result(tile, nothing, nothing.entropy(), model)
            .setRoutingScore(0)
            .setInkFraction(0.0)
            .setBackground(true));
  }

  /** Begins a result, of a mask and a map in the tile's own pixels. */
  private TileSegmented.Builder result(
      ScannedTile tile, Segmentation segmentation, EntropySummary entropy, Checkpoint model) {
    TileScanned scanned = tile.record();
    return TileSegmented.newBuilder()
        .setTileId(scanned.getTileId())
        .setSlideId(scanned.getSlideId())
        .setScanId(scanned.getScanId())
        .setOrgan(tile.organ())
        .setConditionedOn(segmentation.conditionedOn())
        .setX(scanned.getX())
        .setY(scanned.getY())
        .setWidth(scanned.getWidth())
        .setHeight(scanned.getHeight())
        .setMicronsPerPixel(scanned.getMicronsPerPixel())
        .setDownsample(scanned.getDownsample())
        .setMask(ByteBuffer.wrap(MaskPng.encode(segmentation.mask())))
        .setEntropyMap(entropyMap ? ByteBuffer.wrap(GreyPng.encode(entropy.map())) : null)
        .setProbabilities(
            probabilities ? ByteBuffer.wrap(GreyPng.encodeLevels(segmentation.levels())) : null)
        .setMaskThreshold(segmentation.threshold())
        .setMeanEntropy(entropy.mean())
        .setTailEntropy(entropy.tail())
        .setRoutingScoreName(routingScore.publishedName())
        .setPositiveFraction(segmentation.positiveFraction())
        .setModelId(model.modelId())
        .setModelVersion(model.version())
        .setModelMicronsPerPixel(micronsPerPixel(model))
        .setResampled(!tile.scale().isNone())
        .setTile(tile.location())
        .setScanner(scanned.getScanner())
        .setScannedAt(scanned.getScannedAt())
        .setSegmentedAt(Instant.now())
        .setReplayed(replayed);
  }

  private static Double micronsPerPixel(Checkpoint model) {
    OptionalDouble microns = model.metadata().micronsPerPixel();
    return microns.isPresent() ? microns.getAsDouble() : null;
  }

  private Answer encode(ScannedTile tile, TileSegmented.Builder result)
      throws RejectedRecordException {
    byte[] key = tile.record().getSlideId().getBytes(StandardCharsets.UTF_8);
    byte[] value = serialized(result);
    if (key.length + value.length > mostBytes && result.getProbabilities() != null) {
      warnThatItGoesWithout("probabilities", tile);
      value = serialized(result.setProbabilities(null));
    }
    if (key.length + value.length > mostBytes && result.getEntropyMap() != null) {
      warnThatItGoesWithout("entropy map", tile);
      value = serialized(result.setEntropyMap(null));
    }
    if (key.length + value.length > mostBytes) {
      throw new RejectedRecordException(
          "The result of tile %s has %s bytes, more than the %s that its topic allows."
              .formatted(tile.record().getTileId(), key.length + value.length, mostBytes));
    }
    return new Answer(
        new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), key, value),
        result.getBackground() ? Answer.Outcome.BACKGROUND : Answer.Outcome.SEGMENTED,
        result.getPositiveFraction());
  }

  private byte[] serialized(TileSegmented.Builder result) {
    return serializer.serialize(Topics.TILES_SEGMENTED.name(), result.build());
  }

  private static void warnThatItGoesWithout(String what, ScannedTile tile) {
    log.atWarn()
        .addKeyValue(LogKeys.TILE_ID, tile.record().getTileId())
        .log("The result is too large for its topic and goes without its {}", what);
  }
}
