package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.TileGrid;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.schemas.TextRule;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An open image and what is known of it. Whatever a reader does with a file, running out of memory
 * or of stack among it, becomes that file's rejection: nothing of it outlives the call, and other
 * files go on.
 *
 * @param settings how tiles are cut and encoded
 * @param image the file
 * @param level that is read: the smallest that is fine enough
 * @param downsample level-0 pixels along a pixel of that level
 * @param grid where its tiles lie, in level-0 pixels
 * @param micronsPerPixel as {@link SlideImage#micronsPerPixel}, or as the user says
 * @param scanner as {@link SlideImage#scanner}; empty where the file's word is no name
 */
record OpenImage(
    ScanSettings settings,
    SlideImage image,
    int level,
    double downsample,
    TileGrid grid,
    OptionalDouble micronsPerPixel,
    Optional<String> scanner)
    implements AutoCloseable {

  private static final TextRule SCANNER = TextRule.name("scanner");

  /** As stored, decoded, cut out, as differences, deflated. */
  private static final int WORKING_COPIES = 5;

  /** A level that is coarser than what is wanted by no more than this is fine enough. */
  private static final double ROUNDING = 1.05;

  /**
   * Opens a file.
   *
   * @param pixels which of them are wanted
   * @throws ImageRejectedException where that cannot be done
   */
  static OpenImage of(Path file, ScanSettings settings, PixelChoice pixels)
      throws ImageRejectedException {
    SlideImage image = null;
    try {
      image = SlideImage.open(file);
      OptionalDouble microns =
          image.micronsPerPixel().isPresent() ? image.micronsPerPixel() : pixels.mpp();
      int level = level(image, microns, pixels.levelMpp().orElse(settings.microns()));
      double downsample = downsample(image, level);
      return new OpenImage(
          settings,
          image,
          level,
          downsample,
          new TileGrid(
              image.width(),
              image.height(),
              (int) Math.round(settings.tileSize() * downsample),
              (int) Math.round(settings.overlap() * downsample)),
          microns,
          image.scanner().filter(name -> SCANNER.fault(name).isEmpty()));
    } catch (RuntimeException | VirtualMachineError e) {
      close(image);
      throw rejected(e);
    }
  }

  /** The smallest level that is fine enough; level 0 where none is, or nobody knows how fine. */
  private static int level(SlideImage image, OptionalDouble microns, double wanted) {
    int level = 0;
    for (int i = 1; i < image.levels().size() && microns.isPresent(); i++) {
      level = microns.getAsDouble() * downsample(image, i) <= ROUNDING * wanted ? i : level;
    }
    return level;
  }

  private static double downsample(SlideImage image, int level) {
    return (double) image.width() / image.levels().get(level).width();
  }

  /** Micrometres along a pixel of the tiles, where they are known. */
  OptionalDouble micronsOfTiles() {
    return micronsPerPixel.isPresent()
        ? OptionalDouble.of(micronsPerPixel.getAsDouble() * downsample)
        : micronsPerPixel;
  }

  /**
   * Where a tile's pixels lie on the level that is read.
   *
   * @param at in level-0 pixels
   */
  TileGrid.Tile onLevel(TileGrid.Tile at) {
    SlideImage.Level size = image.levels().get(level);
    int width = along(at.width(), size.width());
    int height = along(at.height(), size.height());
    return new TileGrid.Tile(
        Math.min((int) (at.x() / downsample), size.width() - width),
        Math.min((int) (at.y() / downsample), size.height() - height),
        width,
        height);
  }

  private int along(int length, int most) {
    return (int) Math.max(1, Math.min(most, Math.round(length / downsample)));
  }

  /** Where there is only glass; nowhere, where a reader fails: its tiles then say why. */
  Glass glass() {
    try {
      return Glass.of(this);
    } catch (RuntimeException | VirtualMachineError e) {
      return Glass.NONE;
    }
  }

  /** Bytes that reading and encoding a tile takes at most, roughly: its pixels several times. */
  long bytesInWork() {
    double edge = settings.tileSize();
    return Math.round(WORKING_COPIES * (3 * edge * edge + image.partBytes(level)));
  }

  /**
   * Reads one tile. Several threads may.
   *
   * @return the encoded image
   * @throws ImageRejectedException where that cannot be done
   */
  byte[] encoded(TileGrid.Tile at) throws ImageRejectedException {
    try {
      TileGrid.Tile there = onLevel(at);
      return settings
          .encoding()
          .encode(
              image.region(level, there.x(), there.y(), there.width(), there.height()),
              settings.jpegQuality());
    } catch (RuntimeException | VirtualMachineError e) {
      throw rejected(e);
    }
  }

  @Override
  public void close() {
    close(image);
  }

  private static void close(SlideImage image) {
    try {
      if (image != null) {
        image.close();
      }
    } catch (RuntimeException | VirtualMachineError e) {
      // Nothing was written: a file that does not close loses nothing.
      return;
    }
  }

  private static ImageRejectedException rejected(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return new ImageRejectedException(
          ("it asks for more memory than the %s MB that there are: it is damaged, or needs"
                  + " more (HISTOFLOW_JAVA_OPTS=-Xmx16g)")
              .formatted(Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
    if (e instanceof StackOverflowError) {
      return new ImageRejectedException("it is nested too deeply; it is damaged", e);
    }
    return new ImageRejectedException(
        "its reader fails on it (" + e + "): it is damaged or of a kind that is not supported", e);
  }
}
