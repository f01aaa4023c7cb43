package io.histoflow.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads encoded images from disk, bounded, with messages that name the file. */
final class EncodedFile {

  private EncodedFile() {}

  /**
   * The bytes of a file.
   *
   * @throws ImageRejectedException where it is missing, unreadable, empty or too large
   */
  static byte[] read(Path file, ImageLimits limits) throws ImageRejectedException {
    try {
      if (Files.isDirectory(file)) {
        throw new ImageRejectedException("it is a directory, not an image");
      }
      limits.checkBytes(Files.size(file));
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes((int) limits.maxBytes() + 1);
        limits.checkBytes(bytes.length);
        return bytes;
      }
    } catch (ImageRejectedException e) {
      throw named(file, e);
    } catch (NoSuchFileException e) {
      throw new ImageRejectedException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new ImageRejectedException(file + ": it cannot be read (" + e + ")", e);
    }
  }

  /** The same refusal with the file's name before it. */
  static ImageRejectedException named(Path file, ImageRejectedException e) {
    return new ImageRejectedException(file + ": " + e.getMessage(), e);
  }
}
