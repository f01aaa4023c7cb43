package io.histoflow.imaging.imageio;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;

/** Turns whatever a codec throws at damaged input into a refusal of that input. */
public final class Guarded {

  private Guarded() {}

  /**
   * Runs a codec.
   *
   * @param subject what is read, for example 'the TIFF'
   * @throws ImageRejectedException where the codec fails, also for want of memory or stack: that is
   *     the fault of this one image, whose decoding has then let go of all it had allocated
   */
  public static <T> T decoding(String subject, Decoding<T> codec) throws ImageRejectedException {
    try {
      return codec.run();
    } catch (IOException | RuntimeException | StackOverflowError | InternalError e) {
      // Codecs answer damaged input with exceptions of every kind.
      throw ImageRejectedException.damaged(subject, e);
    } catch (OutOfMemoryError e) {
      throw new ImageRejectedException(
          ("%s needs more memory to decode than this process has left; cut it into smaller"
                  + " tiles or give the process more memory")
              .formatted(subject),
          e);
    }
  }

  /** Work on one image. */
  public interface Decoding<T> {
    /**
     * Does it.
     *
     * @throws IOException as the codec throws it
     * @throws ImageRejectedException where the image cannot be used
     */
    T run() throws IOException, ImageRejectedException;
  }
}
