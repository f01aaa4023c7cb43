package io.histoflow.finetuning;

import io.histoflow.imaging.resolution.Rescaling;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Where the latest verdict on one tile lies that can be learned from. Its image and mask stay on
 * their topic until a round needs them.
 *
 * @param tileId the tile
 * @param organ its organ
 * @param width of the tile in pixels, 1 or more
 * @param height of the tile in pixels, 1 or more
 * @param micronsPerPixel micrometres per pixel; empty where not known
 * @param scale the way from its pixels to the model's, which learns from it there
 * @param encodedBytes of image and mask
 * @param partition partition of the corrections' topic where it lies
 * @param offset its offset there
 * @param publishedAt when it was published
 * @param audited whether chance drew the tile for review
 */
record Correction(
    String tileId,
    String organ,
    int width,
    int height,
    OptionalDouble micronsPerPixel,
    Rescaling scale,
    long encodedBytes,
    int partition,
    long offset,
    Instant publishedAt,
    boolean audited) {

  /** Roughly what an object, its strings' headers and its place in a map take. */
  private static final long OVERHEAD = 330;

  private static final int BYTES_PER_PIXEL = 4;

  Correction {
    Objects.requireNonNull(tileId, "tileId");
    Objects.requireNonNull(organ, "organ");
    Objects.requireNonNull(publishedAt, "publishedAt");
  }

  /** Returns about how many bytes it takes in memory. */
  long footprint() {
    return OVERHEAD + 2L * (tileId.length() + organ.length());
  }

  /** Returns how many bytes image and mask take when they are decoded. */
  long decodedBytes() {
    return (long) BYTES_PER_PIXEL * width * height;
  }

  /** Returns the same of a tile that chance drew. */
  Correction asAudited() {
    return new Correction(
        tileId,
        organ,
        width,
        height,
        micronsPerPixel,
        scale,
        encodedBytes,
        partition,
        offset,
        publishedAt,
        true);
  }

  /** Returns how many bytes they take at the model's resolution, to be learned from. */
  long trainedBytes() {
    return BYTES_PER_PIXEL * scale.length(width) * scale.length(height);
  }
}
