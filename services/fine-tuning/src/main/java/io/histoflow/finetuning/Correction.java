package io.histoflow.finetuning;

import io.histoflow.imaging.ImageDecoder;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.MaskPng;
import io.histoflow.segmentation.dataset.LabelledTile;
import java.time.Instant;
import java.util.Objects;

/**
 * The latest verdict on one tile that can be learned from. Image and mask stay encoded, to keep
 * memory small. Immutable, if nobody changes the arrays it was given.
 */
final class Correction implements TileSource {
  private final String tileId;
  private final String organ;
  private final byte[] image;
  private final byte[] mask;
  private final int partition;
  private final long offset;
  private final Instant publishedAt;

  /**
   * @param tileId the tile
   * @param organ its organ
   * @param image the tile's image: PNG, JPEG or TIFF
   * @param mask the mask that the reviewer confirmed or drew, as PNG
   * @param partition partition of the corrections' topic where it lies
   * @param offset its offset there
   * @param publishedAt when it was published
   */
  Correction(
      String tileId,
      String organ,
      byte[] image,
      byte[] mask,
      int partition,
      long offset,
      Instant publishedAt) {
    this.tileId = Objects.requireNonNull(tileId, "tileId");
    this.organ = Objects.requireNonNull(organ, "organ");
    this.image = Objects.requireNonNull(image, "image");
    this.mask = Objects.requireNonNull(mask, "mask");
    this.partition = partition;
    this.offset = offset;
    this.publishedAt = Objects.requireNonNull(publishedAt, "publishedAt");
  }

  /** Returns the tile. */
  String tileId() {
    return tileId;
  }

  /** Returns the tile's organ. */
  String organ() {
    return organ;
  }

  /** Returns the partition of the corrections' topic where it lies. */
  int partition() {
    return partition;
  }

  /** Returns its offset there. */
  long offset() {
    return offset;
  }

  /** Returns when it was published. */
  Instant publishedAt() {
    return publishedAt;
  }

  /** Returns the mask as PNG; not to be changed. */
  byte[] mask() {
    return mask;
  }

  /** Returns the bytes of image and mask. */
  long size() {
    return (long) image.length + mask.length;
  }

  /**
   * Decodes image and mask.
   *
   * @throws ImageRejectedException when one of them is damaged or too large
   */
  @Override
  public LabelledTile decode() throws ImageRejectedException {
    return new LabelledTile(
        tileId,
        organ,
        new ImageDecoder(ImageLimits.forTiles()).decode(image),
        MaskPng.decode(mask, ImageLimits.forTiles()));
  }
}
