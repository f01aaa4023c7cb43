package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageRejectedException;
import java.util.Map;

/** How the frames of a file are compressed: the transfer syntaxes that slides come in (PS3.5). */
public enum FrameEncoding {
  /** Samples as they are. */
  PLAIN,
  /** JPEG baseline. */
  JPEG,
  /** JPEG 2000, lossless or not. */
  JPEG_2000;

  private static final Map<String, FrameEncoding> SYNTAXES =
      Map.of(
          "1.2.840.10008.1.2.1", PLAIN,
          "1.2.840.10008.1.2.4.50", JPEG,
          "1.2.840.10008.1.2.4.90", JPEG_2000,
          "1.2.840.10008.1.2.4.91", JPEG_2000);

  private static final Map<String, String> OTHERS =
      Map.of(
          "1.2.840.10008.1.2", "Implicit VR Little Endian",
          "1.2.840.10008.1.2.2", "Explicit VR Big Endian",
          "1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian",
          "1.2.840.10008.1.2.5", "RLE",
          "1.2.840.10008.1.2.4.51", "JPEG of 12 bits",
          "1.2.840.10008.1.2.4.57", "lossless JPEG",
          "1.2.840.10008.1.2.4.70", "lossless JPEG",
          "1.2.840.10008.1.2.4.80", "JPEG-LS",
          "1.2.840.10008.1.2.4.81", "JPEG-LS");

  static FrameEncoding of(String syntax) throws ImageRejectedException {
    FrameEncoding encoding = SYNTAXES.get(syntax);
    if (encoding == null) {
      String known = OTHERS.get(syntax);
      throw new ImageRejectedException(
          ("the DICOM file is encoded as %s, which is not supported; export it with JPEG baseline"
                  + " or JPEG 2000 frames")
              .formatted(
                  known != null
                      ? known
                      : syntax.matches("[0-9.]{1,64}")
                          ? "transfer syntax " + syntax
                          : "nobody says"));
    }
    return encoding;
  }
}
