package io.histoflow.results.slide;

import java.time.Instant;
import java.util.Optional;

/**
 * The newest result of a tile. Its place is in pixels of the slide's canvas: those of the level
 * that was scanned.
 *
 * @param tileId the tile
 * @param left first column
 * @param top first row
 * @param width in pixels, 1 or more
 * @param height in pixels, 1 or more
 * @param origin who drew its mask
 * @param partition where its segmentation lies on tiles.segmented
 * @param offset offset there
 * @param modelMask the model's mask
 * @param entropy the entropy map, where one was published
 * @param readersMask the mask that a reader drew or confirmed
 * @param judgedBy who judged it last; empty where nobody did
 * @param judgedAt when a reader judged it; the epoch where none did
 */
public record ResultTile(
    String tileId,
    int left,
    int top,
    int width,
    int height,
    TileOrigin origin,
    int partition,
    long offset,
    Spool.Place modelMask,
    Optional<Spool.Place> entropy,
    Optional<Spool.Place> readersMask,
    Optional<String> judgedBy,
    Instant judgedAt) {

  /** Returns the column after the last. */
  public int right() {
    return left + width;
  }

  /** Returns the row after the last. */
  public int bottom() {
    return top + height;
  }

  ResultTile judged(
      TileOrigin judgedOrigin,
      Optional<Spool.Place> mask,
      Optional<String> reviewer,
      Instant correctedAt) {
    return new ResultTile(
        tileId,
        left,
        top,
        width,
        height,
        judgedOrigin,
        partition,
        offset,
        modelMask,
        entropy,
        mask,
        reviewer,
        correctedAt);
  }
}
