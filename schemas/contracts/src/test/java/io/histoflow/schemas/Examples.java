package io.histoflow.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;

/** Records to test with. */
final class Examples {
  private Examples() {}

  static TileScanned tileScanned(byte[] image) {
    return TileScanned.newBuilder()
        .setTileId("slide-1/0/256")
        .setSlideId("slide-1")
        .setOrgan("kidney")
        .setX(0)
        .setY(256)
        .setWidth(256)
        .setHeight(200)
        .setMicronsPerPixel(0.25)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(image))
        .setScanner(null)
        .setScannedAt(Instant.ofEpochMilli(1_700_000_000_000L))
        .build();
  }

  static TileSegmented tileSegmented(String tileId) {
    return TileSegmented.newBuilder()
        .setTileId(tileId)
        .setSlideId("slide-1")
        .setOrgan("kidney")
        .setConditionedOn("unknown")
        .setX(0)
        .setY(256)
        .setWidth(256)
        .setHeight(200)
        .setMicronsPerPixel(null)
        .setMask(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .setEntropyMap(null)
        .setMaskThreshold(0.5)
        .setMeanEntropy(0.125)
        .setTailEntropy(0.75)
        .setRoutingScore(0.125)
        .setRoutingScoreName("mean-entropy")
        .setPositiveFraction(0.25)
        .setModelId("clinsegnet")
        .setModelVersion(3)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 2, 17L))
        .setScannedAt(Instant.ofEpochMilli(1_700_000_000_000L))
        .setSegmentedAt(Instant.ofEpochMilli(1_700_000_001_000L))
        .build();
  }

  static ReviewRequested reviewRequested() {
    return ReviewRequested.newBuilder()
        .setSegmentation(tileSegmented("slide-1/0/256"))
        .setReason(ReviewReason.UNCERTAIN)
        .setScore(0.125)
        .setThreshold(0.1)
        .setBudget(0.1)
        .setRequestedAt(Instant.ofEpochMilli(1_700_000_002_000L))
        .build();
  }
}
