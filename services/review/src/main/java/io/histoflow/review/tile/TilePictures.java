package io.histoflow.review.tile;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.HeatMap;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.TileSegmented;
import java.util.Optional;

/**
 * Draws tiles as PNG, keeping the pictures used last.
 *
 * <p>Every picture is decoded and written anew, whatever the scanner sent: a browser then shows the
 * very pixels that the network saw (no orientation or colour profile of a file's metadata applied),
 * gets nothing but a plain PNG of a bounded size, and no metadata of a patient's leaves with it.
 */
public final class TilePictures {
  /** Longer edge of a thumbnail in pixels. */
  public static final int THUMBNAIL_EDGE = 128;

  /** Longer edge of a neighbour in pixels: it shows where a tile lies and is not judged. */
  public static final int NEIGHBOUR_EDGE = 256;

  private static final int ENTROPY_BLOCK = 4;
  // Of a pixel: as decoded (up to 8 bytes), as RGB (3), as it is encoded (3 and the PNG).
  private static final int BYTES_PER_PIXEL = 12;

  private final TileReader tiles;
  private final PictureCache<Key> cache;
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.forTiles());
  // A decoded tile may take 200 MB: many browsers must not mean many of them at once.
  private final WorkBudget work;

  /**
   * Draws what a reader reads.
   *
   * @param tiles reads tiles and alerts
   * @param cacheBytes most bytes of pictures that are kept
   * @param work bounds what is drawn at a time
   */
  public TilePictures(TileReader tiles, long cacheBytes, WorkBudget work) {
    this.tiles = tiles;
    this.work = work;
    this.cache = new PictureCache<>(cacheBytes);
  }

  /** Returns what reading and drawing a tile takes at most. */
  public static long bytesOfWork(int width, int height) {
    return TileReader.BYTES_OF_WORK + (long) width * height * BYTES_PER_PIXEL;
  }

  /** Draws the tile in its own size. */
  public byte[] image(Alert alert) throws RefusedException {
    return picture(alert, alert.tile(), Kind.IMAGE, () -> RgbPng.encode(decoded(alert)));
  }

  /** Draws the tile so that its longer edge is at most {@link #THUMBNAIL_EDGE} pixels. */
  public byte[] thumbnail(Alert alert) throws RefusedException {
    return picture(
        alert,
        alert.tile(),
        Kind.THUMBNAIL,
        () -> RgbPng.encode(Thumbnail.of(decoded(alert), THUMBNAIL_EDGE)));
  }

  /** Draws a tile that lies beside one, its longer edge at most {@link #NEIGHBOUR_EDGE} pixels. */
  public byte[] neighbour(TilePlace place) throws RefusedException {
    return picture(place, Kind.NEIGHBOUR, NEIGHBOUR_EDGE);
  }

  /** Draws a tile of a mosaic, its longer edge at most {@link #THUMBNAIL_EDGE} pixels. */
  public byte[] thumbnail(TilePlace place) throws RefusedException {
    return picture(place, Kind.THUMBNAIL, THUMBNAIL_EDGE);
  }

  /** Draws the model's mask as 1-bit grey PNG, 1 = positive. */
  public byte[] mask(Alert alert) throws RefusedException {
    return picture(
        alert,
        alert.position(),
        Kind.MASK,
        () -> {
          TileSegmented whole = tiles.segmentation(alert);
          Mask mask =
              MaskPng.decode(
                  ContractData.bytes(whole.getMask()),
                  ImageLimits.forTiles(),
                  whole.getWidth(),
                  whole.getHeight());
          return MaskPng.encode(mask);
        });
  }

  /**
   * Draws the entropy map in colour, one pixel for each block of 4x4 pixels of the tile.
   *
   * @return the PNG, or empty where the alert carries no entropy map
   */
  public Optional<byte[]> entropy(Alert alert) throws RefusedException {
    if (!alert.hasEntropyMap()) {
      return Optional.empty();
    }
    return Optional.of(
        picture(
            alert,
            alert.position(),
            Kind.ENTROPY,
            () -> {
              TileSegmented whole = tiles.segmentation(alert);
              GreyImage map =
                  GreyPng.decode(
                      ContractData.bytes(whole.getEntropyMap()),
                      ImageLimits.forTiles(),
                      blocks(whole.getWidth()),
                      blocks(whole.getHeight()));
              return RgbPng.encode(HeatMap.of(map));
            }));
  }

  /**
   * Draws the model's probabilities, as they were published: one pixel for each of the tile, in 16
   * levels of grey.
   *
   * @return the PNG, or empty where the alert carries none
   */
  public Optional<byte[]> probabilities(Alert alert) throws RefusedException {
    if (!alert.hasProbabilities()) {
      return Optional.empty();
    }
    return Optional.of(
        picture(
            alert,
            alert.position(),
            Kind.PROBABILITIES,
            () -> {
              TileSegmented whole = tiles.segmentation(alert);
              return GreyPng.encodeLevels(
                  GreyPng.decode(
                      ContractData.bytes(whole.getProbabilities()),
                      ImageLimits.forTiles(),
                      whole.getWidth(),
                      whole.getHeight()));
            }));
  }

  private RgbImage decoded(Alert alert) throws RefusedException, ImageRejectedException {
    TileSegmented segmentation = alert.segmentation();
    return decoder.decode(
        ContractData.bytes(tiles.scanned(alert).getImage()),
        segmentation.getWidth(),
        segmentation.getHeight());
  }

  private RgbImage decoded(TilePlace place) throws RefusedException, ImageRejectedException {
    return decoder.decode(
        ContractData.bytes(tiles.scanned(place).getImage()), place.width(), place.height());
  }

  private byte[] picture(TilePlace place, Kind kind, int edge) throws RefusedException {
    return cache.get(
        new Key(place.tile(), kind),
        () ->
            drawn(
                place.tileId(),
                place.width(),
                place.height(),
                place.tile(),
                () -> RgbPng.encode(Thumbnail.of(decoded(place), edge))));
  }

  private byte[] picture(Alert alert, RecordPosition position, Kind kind, Drawing drawn)
      throws RefusedException {
    TileSegmented tile = alert.segmentation();
    return cache.get(
        new Key(position, kind),
        () -> drawn(alert.tileId(), tile.getWidth(), tile.getHeight(), position, drawn));
  }

  private byte[] drawn(String tileId, int width, int height, RecordPosition position, Drawing drawn)
      throws RefusedException {
    long bytes = bytesOfWork(width, height);
    if (!work.fits(bytes)) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "Drawing tile %s takes %s MiB where the service may take %s: %s"
              .formatted(tileId, bytes >> 20, work.bytes() >> 20, WorkBudget.ADVICE));
    }
    WorkBudget.Share share = work.take(bytes);
    try (share) {
      return drawn.draw();
    } catch (ImageRejectedException e) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "The record at " + position + " holds an image that cannot be shown: " + e.getMessage(),
          e);
    }
  }

  private static int blocks(int pixels) {
    return (pixels + ENTROPY_BLOCK - 1) / ENTROPY_BLOCK;
  }

  private enum Kind {
    IMAGE,
    THUMBNAIL,
    NEIGHBOUR,
    MASK,
    ENTROPY,
    PROBABILITIES
  }

  private record Key(RecordPosition position, Kind kind) {}

  @FunctionalInterface
  private interface Drawing {
    byte[] draw() throws RefusedException, ImageRejectedException;
  }
}
