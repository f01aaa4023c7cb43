package io.histoflow.topology;

import io.histoflow.schemas.TileSegmented;
import java.io.DataInput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a slide's ledger keeps of one tile, about 60 bytes.
 *
 * @param segmented whether a segmentation is known; false where only a verdict came
 * @param modelVersion version that segmented it
 * @param pixels number of pixels
 * @param positivePixels how many of them are positive
 * @param micronsPerPixel micrometres per level-0 pixel; NaN where not known
 * @param meanEntropy bits per pixel
 * @param tailEntropy bits per pixel
 * @param firstSegmentedAt when it was first segmented, milliseconds since the epoch
 * @param alerted whether a review alert was raised
 * @param closed whether a reviewer gave a verdict
 */
record TileEntry(
    boolean segmented,
    long modelVersion,
    long pixels,
    long positivePixels,
    double micronsPerPixel,
    double meanEntropy,
    double tailEntropy,
    long firstSegmentedAt,
    boolean alerted,
    boolean closed) {

  static final TileEntry UNKNOWN = new TileEntry(false, 0, 0, 0, Double.NaN, 0, 0, 0, false, false);

  /**
   * Takes a segmentation over. One by an older model, or a repetition, changes nothing, whatever
   * the order in which they come.
   */
  TileEntry with(TileSegmented tile, boolean nowAlerted) {
    long at = tile.getSegmentedAt().toEpochMilli();
    long first = segmented ? Math.min(firstSegmentedAt, at) : at;
    if (segmented && tile.getModelVersion() <= modelVersion) {
      return withTime(first, alerted || nowAlerted);
    }
    long count = (long) tile.getWidth() * tile.getHeight();
    return new TileEntry(
        true,
        tile.getModelVersion(),
        count,
        Math.round(tile.getPositiveFraction() * count),
        tile.getMicronsPerPixel() == null ? Double.NaN : tile.getMicronsPerPixel(),
        tile.getMeanEntropy(),
        tile.getTailEntropy(),
        first,
        alerted || nowAlerted,
        closed);
  }

  /** Takes a reviewer's verdict over. */
  TileEntry withVerdict() {
    return new TileEntry(
        segmented,
        modelVersion,
        pixels,
        positivePixels,
        micronsPerPixel,
        meanEntropy,
        tailEntropy,
        firstSegmentedAt,
        alerted,
        true);
  }

  private TileEntry withTime(long first, boolean isAlerted) {
    return new TileEntry(
        segmented,
        modelVersion,
        pixels,
        positivePixels,
        micronsPerPixel,
        meanEntropy,
        tailEntropy,
        first,
        isAlerted,
        closed);
  }

  static Serde<TileEntry> serde() {
    return new StateSerde<>(
        "slide tiles",
        (tile, out) -> {
          out.writeBoolean(tile.segmented);
          out.writeLong(tile.modelVersion);
          out.writeLong(tile.pixels);
          out.writeLong(tile.positivePixels);
          out.writeDouble(tile.micronsPerPixel);
          out.writeDouble(tile.meanEntropy);
          out.writeDouble(tile.tailEntropy);
          out.writeLong(tile.firstSegmentedAt);
          out.writeBoolean(tile.alerted);
          out.writeBoolean(tile.closed);
        },
        TileEntry::read);
  }

  private static TileEntry read(DataInput in) throws IOException {
    return new TileEntry(
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readLong(),
        in.readBoolean(),
        in.readBoolean());
  }
}
