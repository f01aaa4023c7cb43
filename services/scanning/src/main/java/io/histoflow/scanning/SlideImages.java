package io.histoflow.scanning;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files by what their first bytes say. */
public final class SlideImages {

  private static final int SIGNATURE = 16;

  private SlideImages() {}

  /**
   * Opens an image: TIFF by regions, PNG and JPEG whole.
   *
   * @throws ImageRejectedException where it is none of these or cannot be read; the message begins
   *     with the file's name
   */
  public static SlideImage open(Path file) throws ImageRejectedException {
    boolean tiff =
        Files.isRegularFile(file)
            && ImageFileFormat.sniff(firstBytes(file)).orElse(null) == ImageFileFormat.TIFF;
    return tiff
        ? TiffImage.open(file)
        : new DecodedImage(new ImageDecoder(ImageLimits.forFiles()).decode(file));
  }

  private static byte[] firstBytes(Path file) throws ImageRejectedException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SIGNATURE);
    } catch (IOException e) {
      throw new ImageRejectedException(file + ": it cannot be read (" + e + ")", e);
    }
  }
}
