package io.histoflow.scanning.natives;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** JPEG 2000 out of a slide among the resources. */
final class Codestreams {

  private Codestreams() {}

  /** The first tile, 64 x 64 pixels in three components. */
  static byte[] first() throws IOException {
    try (InputStream in =
        Codestreams.class.getResourceAsStream("/io/histoflow/scanning/image/j2k-rgb.svs")) {
      byte[] slide = in.readAllBytes();
      int start = next(slide, 0, 0x4F);
      return Arrays.copyOfRange(slide, start, next(slide, start, 0xD9) + 2);
    }
  }

  private static int next(byte[] slide, int from, int marker) {
    int at = from;
    while (slide[at] != (byte) 0xFF || slide[at + 1] != (byte) marker) {
      at++;
    }
    return at;
  }
}
