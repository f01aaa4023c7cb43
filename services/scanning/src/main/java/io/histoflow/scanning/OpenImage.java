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
 * @param grid where its tiles lie
 * @param micronsPerPixel as {@link SlideImage#micronsPerPixel}, or as the user says
 * @param scanner as {@link SlideImage#scanner}; empty where the file's word is no name
 */
record OpenImage(
    ScanSettings settings,
    SlideImage image,
    TileGrid grid,
    OptionalDouble micronsPerPixel,
    Optional<String> scanner)
    implements AutoCloseable {

  private static final TextRule SCANNER = TextRule.name("scanner");

  /**
   * Opens a file.
   *
   * @param mpp micrometres per pixel, for a file that does not say
   * @throws ImageRejectedException where that cannot be done
   */
  static OpenImage of(Path file, ScanSettings settings, OptionalDouble mpp)
      throws ImageRejectedException {
    SlideImage image = null;
    try {
      image = SlideImage.open(file);
      return new OpenImage(
          settings,
          image,
          new TileGrid(image.width(), image.height(), settings.tileSize(), settings.overlap()),
          image.micronsPerPixel().isPresent() ? image.micronsPerPixel() : mpp,
          image.scanner().filter(name -> SCANNER.fault(name).isEmpty()));
    } catch (RuntimeException | VirtualMachineError e) {
      close(image);
      throw rejected(e);
    }
  }

  /** Where there is only glass; nowhere, where a reader fails: its tiles then say why. */
  Glass glass() {
    try {
      return Glass.of(this);
    } catch (RuntimeException | VirtualMachineError e) {
      return Glass.NONE;
    }
  }

  /**
   * Reads one tile.
   *
   * @return the encoded image
   * @throws ImageRejectedException where that cannot be done
   */
  byte[] encoded(TileGrid.Tile at) throws ImageRejectedException {
    try {
      return settings
          .encoding()
          .encode(image.region(at.x(), at.y(), at.width(), at.height()), settings.jpegQuality());
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
