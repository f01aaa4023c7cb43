package io.histoflow.topology.ledger;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a slide's ledger keeps of one tile, about 100 bytes.
 *
 * @param result what stands of its segmentations; {@link Result#NONE} where only a verdict came
 * @param segmentedAt when that was made, milliseconds since the epoch; -1 where there is none
 * @param firstSegmentedAt when it was first segmented, milliseconds since the epoch
 * @param counted whether routing has decided on it
 * @param alerted whether a review alert was raised
 * @param closed whether a reviewer gave a verdict
 */
public record TileEntry(
    Result result,
    long segmentedAt,
    long firstSegmentedAt,
    boolean counted,
    boolean alerted,
    boolean closed) {
  /** A tile of which nothing came. */
  public static final TileEntry UNKNOWN = new TileEntry(Result.NONE, -1, 0, false, false, false);

  /**
   * The segmentation that counts: that of the newest weights, and among several of theirs (a tile
   * that was scanned twice) the latest.
   *
   * @param modelVersion version that segmented the tile
   * @param organ as on the segmentation
   * @param x left edge of the tile in level-0 pixels
   * @param y top edge
   * @param pixels number of pixels
   * @param positivePixels how many of them are positive
   * @param micronsPerPixel micrometres per level-0 pixel; NaN where not known
   * @param modelMicronsPerPixel those that the model was trained at, where the tile was not
   *     resampled to them; NaN where it was, and where not known
   * @param meanEntropy bits per pixel
   * @param tailEntropy bits per pixel
   * @param background whether the tile is glass without tissue
   * @param ink whether there is pen ink on the glass
   */
  public record Result(
      long modelVersion,
      String organ,
      int x,
      int y,
      long pixels,
      long positivePixels,
      double micronsPerPixel,
      double modelMicronsPerPixel,
      double meanEntropy,
      double tailEntropy,
      boolean background,
      boolean ink) {
    /** No segmentation. */
    public static final Result NONE =
        new Result(0, "", -1, -1, 0, 0, Double.NaN, Double.NaN, 0, 0, false, false);

    static Result of(TileSegmented tile) {
      long count = (long) tile.getWidth() * tile.getHeight();
      return new Result(
          tile.getModelVersion(),
          tile.getOrgan(),
          tile.getX(),
          tile.getY(),
          count,
          Math.round(tile.getPositiveFraction() * count),
          orNan(tile.getMicronsPerPixel()),
          tile.getResampled() ? Double.NaN : orNan(tile.getModelMicronsPerPixel()),
          tile.getMeanEntropy(),
          tile.getTailEntropy(),
          tile.getBackground(),
          tile.getInkFraction() != null && tile.getInkFraction() > 0);
    }

    private static double orNan(Double value) {
      return value == null ? Double.NaN : value;
    }
  }

  /** Says whether a segmentation is known; if not, only a verdict came. */
  public boolean segmented() {
    return !result.equals(Result.NONE);
  }

  /** Says whether an alert waits for its verdict. */
  public boolean open() {
    return alerted && !closed;
  }

  /**
   * Takes a segmentation over. One by an older model, or a repetition, changes nothing, whatever
   * the order in which they come.
   *
   * @param tile the segmentation
   * @param nowCounted whether routing has decided on the tile by now
   * @param nowAlerted whether a review alert was raised for it just now
   */
  public TileEntry with(TileSegmented tile, boolean nowCounted, boolean nowAlerted) {
    long at = tile.getSegmentedAt().toEpochMilli();
    boolean newer =
        !segmented()
            || tile.getModelVersion() > result.modelVersion
            || (tile.getModelVersion() == result.modelVersion && at > segmentedAt);
    return new TileEntry(
        newer ? Result.of(tile) : result,
        newer ? at : segmentedAt,
        segmented() ? Math.min(firstSegmentedAt, at) : at,
        counted || nowCounted,
        alerted || nowAlerted,
        closed);
  }

  /** Takes a reviewer's verdict over. */
  public TileEntry withVerdict() {
    return new TileEntry(result, segmentedAt, firstSegmentedAt, counted, alerted, true);
  }

  /** Says whether a report shows no difference: the same result may only have been made again. */
  public boolean looksLike(TileEntry other) {
    return result.equals(other.result)
        && firstSegmentedAt == other.firstSegmentedAt
        && alerted == other.alerted
        && closed == other.closed;
  }

  static Serde<TileEntry> serde() {
    return new StateSerde<>("slide tiles", 5, TileEntry::write, TileEntry::read);
  }

  private static void write(TileEntry tile, DataOutput out) throws IOException {
    Result result = tile.result;
    out.writeLong(result.modelVersion());
    out.writeUTF(result.organ());
    out.writeInt(result.x());
    out.writeInt(result.y());
    out.writeLong(result.pixels());
    out.writeLong(result.positivePixels());
    out.writeDouble(result.micronsPerPixel());
    out.writeDouble(result.modelMicronsPerPixel());
    out.writeDouble(result.meanEntropy());
    out.writeDouble(result.tailEntropy());
    out.writeBoolean(result.background());
    out.writeBoolean(result.ink());
    out.writeLong(tile.segmentedAt);
    out.writeLong(tile.firstSegmentedAt);
    out.writeBoolean(tile.counted);
    out.writeBoolean(tile.alerted);
    out.writeBoolean(tile.closed);
  }

  private static TileEntry read(DataInput in) throws IOException {
    Result result =
        new Result(
            in.readLong(),
            in.readUTF(),
            in.readInt(),
            in.readInt(),
            in.readLong(),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readBoolean(),
            in.readBoolean());
    return new TileEntry(
        result, in.readLong(), in.readLong(), in.readBoolean(), in.readBoolean(), in.readBoolean());
  }
}
