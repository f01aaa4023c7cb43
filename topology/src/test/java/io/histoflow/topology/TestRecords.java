package io.histoflow.topology;

import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Records to feed a topology with. */
public final class TestRecords {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private TestRecords() {}

  public static TileSegmented tile(String slideId, String tileId, String organ, double score) {
    return tile(slideId, tileId, organ, score, 0);
  }

  public static TileSegmented tile(
      String slideId, String tileId, String organ, double score, long modelVersion) {
    return tile(slideId, tileId, organ, score, modelVersion, null, Math.min(1, score), 0.2);
  }

  public static TileSegmented tile(
      String slideId,
      String tileId,
      String organ,
      double score,
      long modelVersion,
      String scanner,
      double meanEntropy,
      double positiveFraction) {
    return TileSegmented.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan(organ)
        .setConditionedOn(organ)
        .setX(0)
        .setY(0)
        .setWidth(100)
        .setHeight(50)
        .setMicronsPerPixel(0.5)
        .setMask(ByteBuffer.wrap(new byte[] {1}))
        .setEntropyMap(null)
        .setMaskThreshold(0.5)
        .setMeanEntropy(meanEntropy)
        .setTailEntropy(Math.min(1, score * 2))
        .setRoutingScore(score)
        .setRoutingScoreName("mean-entropy")
        .setPositiveFraction(positiveFraction)
        .setModelId("clinsegnet")
        .setModelVersion(modelVersion)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
        .setScanner(scanner)
        .setScannedAt(START)
        .setSegmentedAt(START.plusSeconds(1))
        .build();
  }

  /** A tile that was recognised as background, as inference publishes it. */
  public static TileSegmented background(
      String slideId, String tileId, String organ, long modelVersion) {
    return asBackground(tile(slideId, tileId, organ, 0, modelVersion, null, 0, 0));
  }

  /** Marks a tile as background, and leaves its score and entropies as they are. */
  static TileSegmented asBackground(TileSegmented tile) {
    tile.put("background", true);
    tile.put("positiveFraction", 0.0);
    return tile;
  }

  public static SlideScanned manifest(String slideId, String organ, int tiles) {
    return SlideScanned.newBuilder()
        .setSlideId(slideId)
        .setOrgan(organ)
        .setTileCount(tiles)
        .setScannedAt(START)
        .build();
  }

  public static MaskCorrected correction(String slideId, String tileId) {
    return MaskCorrected.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan("kidney")
        .setX(0)
        .setY(0)
        .setWidth(100)
        .setHeight(50)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(new byte[] {1}))
        .setMask(ByteBuffer.wrap(new byte[] {1}))
        .setVerdict(Verdict.CONFIRMED)
        .setReviewer("ada")
        .setModelId("clinsegnet")
        .setModelVersion(0)
        .setCorrectedAt(START)
        .build();
  }
}
