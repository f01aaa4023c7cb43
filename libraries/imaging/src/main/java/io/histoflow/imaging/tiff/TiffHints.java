package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.imageio.Guarded;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the first image of a TIFF says of the program that wrote it.
 *
 * @param software tag 305, or empty
 * @param description the beginning of tag 270, or empty
 * @param xmp the beginning of tag 700, or empty
 * @param isHamamatsu whether it has the tag by which Hamamatsu marks its slides (65420)
 */
public record TiffHints(String software, String description, String xmp, boolean isHamamatsu) {

  private static final int MOST_TEXT = 1 << 16;

  /**
   * Reads them.
   *
   * @throws ImageRejectedException where the file cannot be read; the message begins with its name
   */
  public static TiffHints of(Path file) throws ImageRejectedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteSource source = ByteSource.of(channel);
      return Guarded.decoding("the TIFF", () -> of(TiffDirectory.first(source)));
    } catch (IOException e) {
      throw new ImageRejectedException(file + ": it cannot be read (" + e + ")", e);
    } catch (ImageRejectedException e) {
      throw e.of(file);
    }
  }

  private static TiffHints of(TiffDirectory first) throws IOException, ImageRejectedException {
    return new TiffHints(
        first.text(TiffTag.SOFTWARE, MOST_TEXT).orElse(""),
        first.text(TiffTag.DESCRIPTION, MOST_TEXT).orElse(""),
        first.text(TiffTag.XMP, MOST_TEXT).orElse(""),
        first.has(TiffTag.HAMAMATSU));
  }
}
