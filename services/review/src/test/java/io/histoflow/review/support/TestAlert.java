package io.histoflow.review.support;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What tests say of an alert; the rest is made up.
 *
 * @param tileId id of the tile
 * @param organ organ
 * @param score routing score
 * @param width width of the tile
 * @param height height of the tile
 */
public record TestAlert(String tileId, String organ, double score, int width, int height) {
  /** When every test alert was raised. */
  public static final Instant RAISED = Instant.parse("2026-01-02T03:04:05.678Z");

  /** An alert on a tile of 64 x 48 pixels. */
  public static TestAlert of(String tileId, String organ, double score) {
    return new TestAlert(tileId, organ, score, 64, 48);
  }

  /** The record, its tile lying at an offset of partition 0 of the scanned tiles. */
  public ReviewRequested requested(long offset) {
    return requested(new TileLocation(Topics.TILES_SCANNED.name(), 0, offset));
  }

  /** The record, its tile lying where it is said. */
  public ReviewRequested requested(TileLocation tile) {
    return requested(tile, Drawings.maskPng(width, height), Drawings.entropyPng(width, height));
  }

  /** The record, with another mask and entropy map. */
  public ReviewRequested requested(TileLocation tile, byte[] mask, byte[] entropyMap) {
    TileSegmented segmentation =
        TileSegmented.newBuilder()
            .setTileId(tileId)
            .setSlideId("slide-of-" + organ)
            .setOrgan(organ)
            .setConditionedOn("unknown")
            .setX(512)
            .setY(1024)
            .setWidth(width)
            .setHeight(height)
            .setMicronsPerPixel(0.25)
            .setMask(ByteBuffer.wrap(mask))
            .setEntropyMap(ByteBuffer.wrap(entropyMap))
            .setProbabilities(ByteBuffer.wrap(Drawings.probabilitiesPng(width, height)))
            .setMaskThreshold(0.5)
            .setMeanEntropy(score)
            .setTailEntropy(0.9)
            .setRoutingScore(score)
            .setRoutingScoreName("mean-entropy")
            .setPositiveFraction(0.2)
            .setModelId("test-model")
            .setModelVersion(3)
            .setTile(tile)
            .setScannedAt(RAISED.minusSeconds(20))
            .setSegmentedAt(RAISED.minusSeconds(10))
            .build();
    return ReviewRequested.newBuilder()
        .setSegmentation(segmentation)
        .setReason(ReviewReason.UNCERTAIN)
        .setScore(score)
        .setThreshold(0.25)
        .setBudget(0.1)
        .setRequestedAt(RAISED)
        .build();
  }
}
