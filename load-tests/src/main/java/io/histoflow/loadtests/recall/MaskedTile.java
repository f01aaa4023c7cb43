package io.histoflow.loadtests.recall;

import io.histoflow.recall.Counts;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;

/**
 * A tile as the network segmented it, and what is true of it.
 *
 * @param segmented the network's result
 * @param truth the true mask as PNG
 * @param pixels what the network found, missed and took wrongly
 */
record MaskedTile(TileSegmented segmented, ByteBuffer truth, Counts pixels) {
  private static final ByteBuffer NO_IMAGE = ByteBuffer.allocate(1);

  /** Returns the verdict of somebody who is always right. */
  MaskCorrected verdict() {
    return MaskCorrected.newBuilder()
        .setTileId(segmented.getTileId())
        .setSlideId(segmented.getSlideId())
        .setOrgan(segmented.getOrgan())
        .setX(segmented.getX())
        .setY(segmented.getY())
        .setWidth(segmented.getWidth())
        .setHeight(segmented.getHeight())
        .setFormat(ImageFormat.PNG)
        .setImage(NO_IMAGE)
        .setMask(truth)
        .setVerdict(Verdict.CORRECTED)
        .setReviewer("truth")
        .setModelId(segmented.getModelId())
        .setModelVersion(segmented.getModelVersion())
        .setCorrectedAt(RecallDeployment.START)
        .build();
  }
}
