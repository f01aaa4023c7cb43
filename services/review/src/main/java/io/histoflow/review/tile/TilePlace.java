package io.histoflow.review.tile;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a tile that was segmented lies: on its slide, and its image in Kafka.
 *
 * @param tileId id of the tile
 * @param slideId id of the slide
 * @param scanId which scan of the slide it belongs to; empty where scans are not told apart
 * @param x left edge in level-0 pixels
 * @param y top edge in level-0 pixels
 * @param width width of its image in pixels, 1 or more
 * @param height height of its image in pixels, 1 or more
 * @param downsample level-0 pixels along a pixel of its image, 1 or more
 * @param positiveFraction share of its pixels that are positive, 0..1
 * @param meanEntropy mean entropy in bits per pixel, 0..1
 * @param tile where its image lies
 */
public record TilePlace(
    String tileId,
    String slideId,
    Optional<String> scanId,
    int x,
    int y,
    int width,
    int height,
    double downsample,
    double positiveFraction,
    double meanEntropy,
    RecordPosition tile) {
  // The objects, and what a map or a list needs for each; strings have two bytes a character.
  private static final int BYTES = 240;

  public TilePlace {
    Objects.requireNonNull(tileId, "tileId");
    Objects.requireNonNull(slideId, "slideId");
    Objects.requireNonNull(scanId, "scanId");
    Objects.requireNonNull(tile, "tile");
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Tile %s is %s x %s pixels large".formatted(tileId, width, height));
    }
  }

  /**
   * Takes the place out of a result.
   *
   * @throws IllegalArgumentException where it is none
   */
  static TilePlace of(TileSegmented result) {
    TileLocation tile = result.getTile();
    return new TilePlace(
        result.getTileId(),
        result.getSlideId(),
        Optional.ofNullable(result.getScanId()),
        result.getX(),
        result.getY(),
        result.getWidth(),
        result.getHeight(),
        Math.max(1, result.getDownsample()),
        result.getPositiveFraction(),
        result.getMeanEntropy(),
        new RecordPosition(tile.getTopic(), tile.getPartition(), tile.getOffset()));
  }

  /** Returns about how many bytes it takes in memory. */
  int bytes() {
    return BYTES + 2 * (tileId.length() + slideId.length() + scanId.map(String::length).orElse(0));
  }
}
