package io.histoflow.results.slide;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.schemas.SlideScanned;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What is known of a slide now: of each tile of its present scan the newest result, or what a
 * reader put in its place. The tiles make one canvas, whose pixels are those of the level that was
 * scanned. Masks lie on the disk until this is closed.
 */
public final class SlideResults implements AutoCloseable {
  /** Edge of the square of pixels that one pixel of an entropy map is the mean of. */
  static final int ENTROPY_BLOCK = 4;

  private final String slideId;
  private final Optional<String> scanId;
  private final Optional<SlideScanned> manifest;
  private final double downsample;
  private final Optional<Double> micronsPerPixel;
  private final List<ResultTile> tiles;
  private final Set<String> unusable;
  private final Spool spool;
  private final int tallest;

  SlideResults(
      String slideId,
      Optional<String> scanId,
      Optional<SlideScanned> manifest,
      double downsample,
      Optional<Double> micronsPerPixel,
      List<ResultTile> tiles,
      Set<String> unusable,
      Spool spool) {
    this.slideId = slideId;
    this.scanId = scanId;
    this.manifest = manifest;
    this.downsample = downsample;
    this.micronsPerPixel = micronsPerPixel;
    this.tiles = tiles;
    this.unusable = new HashSet<>(unusable);
    this.spool = spool;
    this.tallest = tiles.stream().mapToInt(ResultTile::height).max().orElse(0);
  }

  /** Returns the slide's id. */
  public String slideId() {
    return slideId;
  }

  /** Returns how the slide's nuclei are called. */
  public NucleusIds ids() {
    return new NucleusIds(slideId, scanId);
  }

  /** Returns the DICOM image that was scanned; empty where it was none, or is not noted. */
  public Optional<DicomSource> dicomSource() {
    return manifest
        .filter(slide -> isUid(slide.getDicomImageUid()) && isUid(slide.getDicomSeriesUid()))
        .map(
            slide ->
                new DicomSource(
                    slide.getDicomImageUid(),
                    slide.getDicomSeriesUid(),
                    Optional.ofNullable(slide.getDicomStudyUid()).filter(SlideResults::isUid)));
  }

  private static boolean isUid(String text) {
    return text != null && text.matches("[0-9][0-9.]{0,62}[0-9]");
  }

  /**
   * A DICOM image (PS3.5, 9.1).
   *
   * @param image its SOP Instance UID
   * @param series its Series Instance UID
   * @param study its Study Instance UID, where it is known
   */
  public record DicomSource(String image, String series, Optional<String> study) {}

  /** Returns how many level-0 pixels lie along one of the canvas, 1 or more. */
  public double downsample() {
    return downsample;
  }

  /** Returns the column of level 0 from which viewers that crop the slide count; 0 mostly. */
  public int originX() {
    return manifest.map(SlideScanned::getBoundsX).orElse(0);
  }

  /** Returns the row of level 0 from which they count. */
  public int originY() {
    return manifest.map(SlideScanned::getBoundsY).orElse(0);
  }

  /** Returns the micrometres along a pixel of the canvas; empty where not known. */
  public OptionalDouble micronsPerPixel() {
    return micronsPerPixel.isPresent()
        ? OptionalDouble.of(micronsPerPixel.get())
        : OptionalDouble.empty();
  }

  /** Returns the tiles, from the top down and from the left. */
  public List<ResultTile> tiles() {
    return tiles;
  }

  /** Returns the columns of the canvas: those of the slide, else those that tiles reach. */
  public int width() {
    int reached = tiles.stream().mapToInt(ResultTile::right).max().orElse(0);
    return Math.max(reached, level(manifest.map(SlideScanned::getWidth)));
  }

  /** Returns the rows of the canvas. */
  public int height() {
    int reached = tiles.stream().mapToInt(ResultTile::bottom).max().orElse(0);
    return Math.max(reached, level(manifest.map(SlideScanned::getHeight)));
  }

  private int level(Optional<Integer> level0) {
    return level0.map(length -> (int) (length / downsample)).orElse(0);
  }

  /** Returns how many tiles of the manifest have no result yet; empty where there is none. */
  public Optional<Integer> missing() {
    return manifest.map(slide -> Math.max(0, slide.getTileCount() - tiles.size()));
  }

  /**
   * Returns how many tiles have results that cannot be used, and are left out. Of damaged masks it
   * is known once they have been read.
   */
  public int unusable() {
    return unusable.size();
  }

  /** Returns the tiles that have pixels within a rectangle of the canvas, from the left. */
  public List<ResultTile> within(int left, int top, int right, int bottom) {
    return between(top, bottom).stream()
        .filter(tile -> tile.left() < right && tile.right() > left)
        .sorted(Comparator.comparingInt(ResultTile::left))
        .toList();
  }

  /** Shows every run of positive pixels, from the top down and from the left. */
  public void forEachRun(RunVisitor visitor) {
    new SlideRows(this).forEach((row, from, to, traits) -> visitor.visit(row, from, to));
  }

  /** Sees a run of positive pixels of the canvas. */
  public interface RunVisitor {
    /** Sees the pixels of a row from a column to before another. */
    void visit(int row, int from, int to);
  }

  /** Returns the mask of the canvas under a tile, as its neighbours and readers have it too. */
  public Mask under(ResultTile tile) {
    return SlideRows.under(this, tile);
  }

  /** Returns the tiles that have pixels within these rows, in their order. */
  private List<ResultTile> between(int top, int bottom) {
    int low = 0;
    int high = tiles.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((long) tiles.get(middle).top() + tallest <= top) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < tiles.size() && tiles.get(end).top() < bottom) {
      end++;
    }
    return tiles.subList(low, end).stream().filter(tile -> tile.bottom() > top).toList();
  }

  /**
   * Returns the mask that holds of a tile: a reader's where there is one. One that cannot be read
   * is empty, and counted with the {@link #unusable}.
   */
  Mask mask(ResultTile tile) {
    try {
      return MaskPng.decode(
          spool.read(tile.readersMask().orElse(tile.modelMask())),
          ImageLimits.forTiles(),
          tile.width(),
          tile.height());
    } catch (ImageRejectedException e) {
      unusable.add(tile.tileId());
      return Mask.of(tile.width(), tile.height(), new byte[tile.width() * tile.height()]);
    }
  }

  /** Returns the entropy map of a tile; empty where none was published or it cannot be read. */
  Optional<GreyImage> entropy(ResultTile tile) {
    if (tile.entropy().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          GreyPng.decode(
              spool.read(tile.entropy().get()),
              ImageLimits.forTiles(),
              blocks(tile.width()),
              blocks(tile.height())));
    } catch (ImageRejectedException e) {
      return Optional.empty();
    }
  }

  private static int blocks(int pixels) {
    return (pixels + ENTROPY_BLOCK - 1) / ENTROPY_BLOCK;
  }

  @Override
  public void close() {
    spool.close();
  }
}
