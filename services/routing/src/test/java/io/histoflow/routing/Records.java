package io.histoflow.routing;

import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Records to feed the service with. */
final class Records {
  private Records() {}

  static TileSegmented tile(String slideId, String tileId, String organ, double score) {
    Instant now = Instant.now();
    return TileSegmented.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan(organ)
        .setConditionedOn("unknown")
        .setX(0)
        .setY(0)
        .setWidth(64)
        .setHeight(64)
        .setMicronsPerPixel(0.25)
        .setMask(ByteBuffer.wrap(new byte[] {1}))
        .setMaskThreshold(0.5)
        .setMeanEntropy(score)
        .setTailEntropy(score)
        .setRoutingScore(score)
        .setRoutingScoreName("mean-entropy")
        .setPositiveFraction(0.5)
        .setModelId("clinsegnet")
        .setModelVersion(0)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
        .setScannedAt(now)
        .setSegmentedAt(now)
        .build();
  }

  static SlideScanned manifest(String slideId, String organ, int tiles) {
    return SlideScanned.newBuilder()
        .setSlideId(slideId)
        .setOrgan(organ)
        .setTileCount(tiles)
        .setScannedAt(Instant.now())
        .build();
  }

  static MaskCorrected correction(String slideId, String tileId) {
    return MaskCorrected.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan("kidney")
        .setX(0)
        .setY(0)
        .setWidth(64)
        .setHeight(64)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(new byte[] {1}))
        .setMask(ByteBuffer.wrap(new byte[] {1}))
        .setVerdict(Verdict.CONFIRMED)
        .setReviewer("ada")
        .setModelId("clinsegnet")
        .setModelVersion(0)
        .setCorrectedAt(Instant.now())
        .build();
  }
}
