package io.histoflow.datasets;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.imaging.resolution.Rescaling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An image in memory with its mask.
 *
 * @param id unique within its data set and organ
 * @param organ in lower case, for example 'kidney'
 * @param image the pixels
 * @param mask the truth, of the same size
 * @param uncertain of the same size, positive where the mask says nothing: such pixels are left out
 *     of losses and figures; empty where every pixel counts
 * @param micronsPerPixel micrometres per pixel; empty where not known
 */
public record LabelledTile(
    String id,
    String organ,
    RgbImage image,
    Mask mask,
    Optional<Mask> uncertain,
    OptionalDouble micronsPerPixel) {

  public LabelledTile {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(organ, "organ");
    Objects.requireNonNull(micronsPerPixel, "micronsPerPixel");
    requireSize(id, image, mask);
    if (uncertain.isPresent()) {
      requireSize(id, image, uncertain.get());
    }
  }

  private static void requireSize(String id, RgbImage image, Mask mask) {
    if (image.width() != mask.width() || image.height() != mask.height()) {
      throw new IllegalArgumentException(
          "Tile %s has %d x %d pixels but its mask has %d x %d"
              .formatted(id, image.width(), image.height(), mask.width(), mask.height()));
    }
  }

  /** A tile of whose mask every pixel counts. */
  public LabelledTile(
      String id, String organ, RgbImage image, Mask mask, OptionalDouble micronsPerPixel) {
    this(id, organ, image, mask, Optional.empty(), micronsPerPixel);
  }

  /** A tile whose resolution is not known. */
  public LabelledTile(String id, String organ, RgbImage image, Mask mask) {
    this(id, organ, image, mask, OptionalDouble.empty());
  }

  /** The same pixels, of which so many micrometres are one. */
  public LabelledTile withMicronsPerPixel(OptionalDouble microns) {
    return new LabelledTile(id, organ, image, mask, uncertain, microns);
  }

  /** The same labels of other pixels, of the same size. */
  public LabelledTile withImage(RgbImage other) {
    return new LabelledTile(id, organ, other, mask, uncertain, micronsPerPixel);
  }

  /** The same image, of which a mask of the same size says where its own says nothing. */
  public LabelledTile withUncertain(Mask nothing) {
    return new LabelledTile(id, organ, image, mask, Optional.of(nothing), micronsPerPixel);
  }

  /** Tells whether the mask says something of a pixel, counted row by row. */
  public boolean isCertain(int pixel) {
    return uncertain.isEmpty() || uncertain.get().values()[pixel] == 0;
  }

  /**
   * The tile as a model sees it, to learn from: resampled where its resolution is another.
   *
   * @throws IllegalArgumentException where the model cannot segment at the tile's resolution
   */
  public LabelledTile at(ModelResolution model) {
    Rescaling scale = model.of(micronsPerPixel);
    return scale.isNone()
        ? this
        : new LabelledTile(
            id,
            organ,
            scale.toModel(image),
            scale.toModel(mask),
            uncertain.map(scale::toModel),
            model.micronsPerPixel());
  }

  /** The id of the image that the tile was {@link #crop cut} from, or its own. */
  public String imageId() {
    return PatientId.imageOf(id);
  }

  /** The patient that the tile comes from, as far as its id tells; see {@link PatientId}. */
  public String patient() {
    return PatientId.of(id);
  }

  /**
   * Cuts out a rectangle.
   *
   * @param x left edge in pixels
   * @param y top edge in pixels
   * @param width in pixels
   * @param height in pixels
   * @return a tile whose id is this one's with '/x/y' behind it
   */
  public LabelledTile crop(int x, int y, int width, int height) {
    return new LabelledTile(
        id + "/" + x + "/" + y,
        organ,
        image.crop(x, y, width, height),
        mask.crop(x, y, width, height),
        uncertain.map(left -> left.crop(x, y, width, height)),
        micronsPerPixel);
  }

  /**
   * Cuts into square tiles as {@link TileGrid} lays them: every pixel is covered, tiles at the
   * edges overlap their neighbours, and an image smaller than a tile gives one tile of its own
   * size.
   *
   * @param size edge of a tile in pixels, 1 or more
   */
  public List<LabelledTile> cut(int size) {
    return cut(size, 0);
  }

  /**
   * As {@link #cut(int)}, with overlap everywhere.
   *
   * @param size edge of a tile in pixels, 1 or more
   * @param overlap least overlap of neighbours in pixels, 0 to size - 1
   */
  public List<LabelledTile> cut(int size, int overlap) {
    return new TileGrid(image.width(), image.height(), size, overlap)
        .tiles().stream().map(t -> crop(t.x(), t.y(), t.width(), t.height())).toList();
  }
}
