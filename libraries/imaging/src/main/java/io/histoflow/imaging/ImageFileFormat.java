package io.histoflow.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Encodings that the decoder accepts, told apart by their first bytes and never by a name. */
public enum ImageFileFormat {
  /** Portable Network Graphics, third edition (W3C 2025). */
  PNG,
  /** JPEG, ITU-T T.81: baseline, extended and progressive DCT. */
  JPEG,
  /** TIFF 6.0 and BigTIFF. */
  TIFF;

  private static final int LONGEST_SIGNATURE = 16;

  /**
   * Tells the format of encoded bytes.
   *
   * @param bytes an encoded image, or its first 16 bytes
   * @return the format; empty where it is none of the three
   */
  public static Optional<ImageFileFormat> sniff(byte[] bytes) {
    if (startsWith(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return Optional.of(PNG);
    }
    if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPEG);
    }
    if (startsWith(bytes, 'I', 'I', 42, 0)
        || startsWith(bytes, 'M', 'M', 0, 42)
        || startsWith(bytes, 'I', 'I', 43, 0)
        || startsWith(bytes, 'M', 'M', 0, 43)) {
      return Optional.of(TIFF);
    }
    return Optional.empty();
  }

  /**
   * Tells the format of a file.
   *
   * @return the format; empty where it is none of the three
   * @throws ImageRejectedException where it cannot be read; the message begins with its name
   */
  public static Optional<ImageFileFormat> sniff(Path file) throws ImageRejectedException {
    try (InputStream in = Files.newInputStream(file)) {
      return sniff(in.readNBytes(LONGEST_SIGNATURE));
    } catch (IOException e) {
      throw new ImageRejectedException(file + ": it cannot be read (" + e + ")", e);
    }
  }

  /** Says in words what bytes that are none of the three look like, for an error message. */
  public static String describe(byte[] bytes) {
    if (startsWith(bytes, 'G', 'I', 'F', '8')) {
      return "a GIF image";
    }
    if (startsWith(bytes, 'B', 'M')) {
      return "a BMP image";
    }
    if (startsWith(bytes, '%', 'P', 'D', 'F')) {
      return "a PDF document";
    }
    if (startsWith(bytes, 'P', 'K', 3, 4)) {
      return "a ZIP archive";
    }
    if (startsWith(bytes, 'R', 'I', 'F', 'F')) {
      return "a RIFF file such as WebP";
    }
    if (startsWith(bytes, 0, 0, 0, 12, 'j', 'P') || startsWith(bytes, 0xFF, 0x4F, 0xFF, 0x51)) {
      return "a JPEG 2000 image";
    }
    if (bytes.length > 131 && new String(bytes, 128, 4, StandardCharsets.US_ASCII).equals("DICM")) {
      return "a DICOM file";
    }
    if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
      return "a PNG damaged in its first eight bytes";
    }
    return looksLikeText(bytes) ? "text" : "unknown binary data";
  }

  private static boolean looksLikeText(byte[] bytes) {
    int n = Math.min(bytes.length, LONGEST_SIGNATURE);
    for (int i = 0; i < n; i++) {
      int b = bytes[i] & 0xFF;
      if (b < ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
      if (b == 0x7F) {
        return false;
      }
    }
    return n > 0;
  }

  private static boolean startsWith(byte[] bytes, int... signature) {
    if (bytes.length < signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if ((bytes[i] & 0xFF) != signature[i]) {
        return false;
      }
    }
    return true;
  }
}
