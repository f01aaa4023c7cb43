package io.histoflow.imaging;

import java.io.IOException;

/** Turns whatever a codec throws at damaged input into a refusal of that input. */
final class Guarded {

  private Guarded() {}

  /**
   * Runs a codec.
   *
   * @param subject what is read, for example 'the TIFF'
   * @throws ImageRejectedException where the codec fails, also for want of memory or stack: that is
   *     the fault of this one image, whose decoding has then let go of all it had allocated
   */
  static <T> T decoding(String subject, Decoding<T> codec) throws ImageRejectedException {
    try {
      return codec.run();
    } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
      // Codecs answer damaged input with exceptions of every kind.
      throw ImageRejectedException.damaged(subject, e);
    } catch (OutOfMemoryError e) {
      throw new ImageRejectedException(
          subject
              + " needs more memory to decode than this process has left; cut it into smaller"
              + " tiles or give the process more memory",
          e);
    }
  }

  /** Work on one image. */
  interface Decoding<T> {
    T run() throws IOException, ImageRejectedException;
  }
}
