package io.histoflow.inference;

import io.histoflow.imaging.GreyPng;
import io.histoflow.imaging.MaskPng;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Turns what the network says of a tile into the record that is published, keyed by slide. */
final class ResultEncoder {
  private final Serializer<TileSegmented> serializer;
  private final RoutingScore routingScore;
  private final boolean entropyMap;
  private final Clock clock;
  private final boolean replayed;

  /**
   * @param serializer configured for the values of tiles.segmented; used by several threads
   * @param routingScore the score by which tiles are routed
   * @param entropyMap whether results carry the entropy map
   * @param clock tells when a tile was segmented
   */
  ResultEncoder(
      Serializer<TileSegmented> serializer,
      RoutingScore routingScore,
      boolean entropyMap,
      Clock clock) {
    this(serializer, routingScore, entropyMap, clock, false);
  }

  private ResultEncoder(
      Serializer<TileSegmented> serializer,
      RoutingScore routingScore,
      boolean entropyMap,
      Clock clock,
      boolean replayed) {
    this.serializer = serializer;
    this.routingScore = routingScore;
    this.entropyMap = entropyMap;
    this.clock = clock;
    this.replayed = replayed;
  }

  /** Returns an encoder whose results say that they were replayed. */
  ResultEncoder replayed() {
    return new ResultEncoder(serializer, routingScore, entropyMap, clock, true);
  }

  /**
   * Encodes a result; may be called on several threads at a time.
   *
   * @param decoded the tile
   * @param segmentation what the network says of it
   * @param model the weights that said so
   * @throws io.histoflow.schemas.RegistryUnavailableException when the contract's id cannot be
   *     asked for
   */
  ProducerRecord<byte[], byte[]> encode(
      DecodedTile decoded, Segmentation segmentation, Checkpoint model) {
    double score = segmentation.score(routingScore, decoded.image());
    return encode(decoded.tile(), segmentation, score, false, model);
  }

  /**
   * Encodes the result of a tile without tissue: an empty mask, no entropy, and the lowest routing
   * score, whichever score it is; may be called on several threads at a time.
   *
   * @param tile the tile
   * @param model the weights in force, which the network would have segmented it with
   * @throws io.histoflow.schemas.RegistryUnavailableException when the contract's id cannot be
   *     asked for
   */
  ProducerRecord<byte[], byte[]> encodeBackground(ScannedTile tile, Checkpoint model) {
    Segmentation nothing =
        Segmentation.nothing(
            tile.record().getWidth(),
            tile.record().getHeight(),
            model.maskThreshold(tile.organ()),
            model.config().organs().get(model.config().indexOf(tile.organ())));
    return encode(tile, nothing, 0, true, model);
  }

  private ProducerRecord<byte[], byte[]> encode(
      ScannedTile tile,
      Segmentation segmentation,
      double score,
      boolean background,
      Checkpoint model) {
    TileScanned scanned = tile.record();
    EntropySummary entropy = segmentation.entropy();
    TileSegmented result =
        TileSegmented.newBuilder()
            .setTileId(scanned.getTileId())
            .setSlideId(scanned.getSlideId())
            .setOrgan(tile.organ())
            .setConditionedOn(segmentation.conditionedOn())
            .setX(scanned.getX())
            .setY(scanned.getY())
            .setWidth(scanned.getWidth())
            .setHeight(scanned.getHeight())
            .setMicronsPerPixel(scanned.getMicronsPerPixel())
            .setMask(ByteBuffer.wrap(MaskPng.encode(segmentation.mask())))
            .setEntropyMap(entropyMap ? ByteBuffer.wrap(GreyPng.encode(entropy.map())) : null)
            .setMaskThreshold(segmentation.threshold())
            .setMeanEntropy(entropy.mean())
            .setTailEntropy(entropy.tail())
            .setRoutingScore(score)
            .setRoutingScoreName(routingScore.publishedName())
            .setPositiveFraction(segmentation.positiveFraction())
            .setModelId(model.modelId())
            .setModelVersion(model.version())
            .setTile(tile.location())
            .setScanner(scanned.getScanner())
            .setScannedAt(scanned.getScannedAt())
            .setSegmentedAt(clock.instant())
            .setReplayed(replayed)
            .setBackground(background)
            .build();
    return new ProducerRecord<>(
        Topics.TILES_SEGMENTED.name(),
        scanned.getSlideId().getBytes(StandardCharsets.UTF_8),
        serializer.serialize(Topics.TILES_SEGMENTED.name(), result));
  }
}
