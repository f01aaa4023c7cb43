package io.histoflow.imaging.codec;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads encoded images from disk, bounded, with messages that name the file. */
final class EncodedFile {
  private EncodedFile() {}

  /**
   * Decodes the bytes of a file.
   *
   * @throws ImageRejectedException where it is missing, unreadable, empty or too large, or what it
   *     holds is refused
   */
  static <T> T decode(Path file, ImageLimits limits, Decoder<T> decoder)
      throws ImageRejectedException {
    try {
      if (Files.isDirectory(file)) {
        throw new ImageRejectedException("it is a directory, not an image");
      }
      limits.checkBytes(Files.size(file));
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes((int) limits.maxBytes() + 1);
        limits.checkBytes(bytes.length);
        return decoder.decode(bytes);
      }
    } catch (ImageRejectedException e) {
      throw e.of(file);
    } catch (NoSuchFileException e) {
      throw new ImageRejectedException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new ImageRejectedException(file + ": it cannot be read (" + e + ")", e);
    }
  }

  /** Decodes bytes. */
  interface Decoder<T> {
    T decode(byte[] bytes) throws ImageRejectedException;
  }
}
