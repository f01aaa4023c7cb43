package io.histoflow.topology.ledger;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a slide's ledger keeps of one tile, about 80 bytes.
 *
 * @param result what stands of its segmentations; {@link Result#NONE} where only a verdict came
 * @param firstSegmentedAt when it was first segmented, milliseconds since the epoch
 * @param counted whether one of its segmentations was not background: routing has decided on it
 * @param alerted whether a review alert was raised
 * @param closed whether a reviewer gave a verdict
 */
public record TileEntry(
    Result result, long firstSegmentedAt, boolean counted, boolean alerted, boolean closed) {
  private static final int FORMAT = 3;

  /** A tile of which nothing came. */
  public static final TileEntry UNKNOWN = new TileEntry(Result.NONE, 0, false, false, false);

  /**
   * The segmentation that counts: that of the newest weights, and among several of theirs (a tile
   * that was scanned twice) the latest.
   *
   * @param modelVersion version that segmented the tile
   * @param segmentedAt when, milliseconds since the epoch; -1 where there is none
   * @param x left edge of the tile in level-0 pixels; -1 where not known
   * @param y top edge; -1 where not known
   * @param pixels number of pixels
   * @param positivePixels how many of them are positive
   * @param micronsPerPixel micrometres per level-0 pixel; NaN where not known
   * @param meanEntropy bits per pixel
   * @param tailEntropy bits per pixel
   * @param background whether the tile is glass without tissue
   */
  public record Result(
      long modelVersion,
      long segmentedAt,
      int x,
      int y,
      long pixels,
      long positivePixels,
      double micronsPerPixel,
      double meanEntropy,
      double tailEntropy,
      boolean background) {
    /** No segmentation. */
    public static final Result NONE = new Result(0, -1, -1, -1, 0, 0, Double.NaN, 0, 0, false);

    static Result of(TileSegmented tile) {
      long count = (long) tile.getWidth() * tile.getHeight();
      return new Result(
          tile.getModelVersion(),
          tile.getSegmentedAt().toEpochMilli(),
          tile.getX(),
          tile.getY(),
          count,
          Math.round(tile.getPositiveFraction() * count),
          tile.getMicronsPerPixel() == null ? Double.NaN : tile.getMicronsPerPixel(),
          tile.getMeanEntropy(),
          tile.getTailEntropy(),
          tile.getBackground());
    }

    boolean isNewerThan(Result other) {
      return modelVersion > other.modelVersion
          || (modelVersion == other.modelVersion && segmentedAt > other.segmentedAt);
    }

    private Result at(long time) {
      return new Result(
          modelVersion,
          time,
          x,
          y,
          pixels,
          positivePixels,
          micronsPerPixel,
          meanEntropy,
          tailEntropy,
          background);
    }
  }

  /** Says whether a segmentation is known; if not, only a verdict came. */
  public boolean segmented() {
    return !result.equals(Result.NONE);
  }

  /**
   * Takes a segmentation over. One by an older model, or a repetition, changes nothing, whatever
   * the order in which they come.
   */
  public TileEntry with(TileSegmented tile, boolean nowAlerted) {
    Result next = Result.of(tile);
    return new TileEntry(
        !segmented() || next.isNewerThan(result) ? next : result,
        segmented() ? Math.min(firstSegmentedAt, next.segmentedAt()) : next.segmentedAt(),
        counted || !next.background(),
        alerted || nowAlerted,
        closed);
  }

  /** Takes a reviewer's verdict over. */
  public TileEntry withVerdict() {
    return new TileEntry(result, firstSegmentedAt, counted, alerted, true);
  }

  /** Says whether a report shows no difference: the same result may only have been made again. */
  public boolean looksLike(TileEntry other) {
    return equals(
        new TileEntry(
            other.result.at(result.segmentedAt()),
            other.firstSegmentedAt,
            counted,
            other.alerted,
            other.closed));
  }

  static Serde<TileEntry> serde() {
    return new StateSerde<>("slide tiles", FORMAT, TileEntry::write, TileEntry::read);
  }

  private static void write(TileEntry tile, DataOutput out) throws IOException {
    out.writeBoolean(tile.segmented());
    out.writeLong(tile.result.modelVersion());
    out.writeLong(tile.result.pixels());
    out.writeLong(tile.result.positivePixels());
    out.writeDouble(tile.result.micronsPerPixel());
    out.writeDouble(tile.result.meanEntropy());
    out.writeDouble(tile.result.tailEntropy());
    out.writeLong(tile.firstSegmentedAt);
    out.writeBoolean(tile.alerted);
    out.writeBoolean(tile.closed);
    out.writeLong(tile.result.segmentedAt());
    out.writeInt(tile.result.x());
    out.writeInt(tile.result.y());
    out.writeBoolean(tile.result.background());
    out.writeBoolean(tile.counted);
  }

  private static TileEntry read(DataInput in, int format) throws IOException {
    boolean segmented = in.readBoolean();
    long modelVersion = in.readLong();
    long pixels = in.readLong();
    long positivePixels = in.readLong();
    double micronsPerPixel = in.readDouble();
    double meanEntropy = in.readDouble();
    double tailEntropy = in.readDouble();
    long firstSegmentedAt = in.readLong();
    boolean alerted = in.readBoolean();
    boolean closed = in.readBoolean();
    boolean first = format < 2;
    Result result =
        new Result(
            modelVersion,
            first ? firstSegmentedAt : in.readLong(),
            first ? Result.NONE.x() : in.readInt(),
            first ? Result.NONE.y() : in.readInt(),
            pixels,
            positivePixels,
            micronsPerPixel,
            meanEntropy,
            tailEntropy,
            format >= 3 && in.readBoolean());
    // Before format 3 every tile was segmented by the network, and counted.
    boolean counted = format < 3 ? segmented : in.readBoolean();
    return new TileEntry(
        segmented ? result : Result.NONE, firstSegmentedAt, counted, alerted, closed);
  }
}
