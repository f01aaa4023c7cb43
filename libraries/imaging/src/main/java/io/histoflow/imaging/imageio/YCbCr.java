package io.histoflow.imaging.imageio;

/** Brightness and two differences of colour, all over 0..255, as JFIF has them (ITU-T T.871). */
public final class YCbCr {

  private YCbCr() {}

  /**
   * Turns samples into red, green and blue where they are.
   *
   * @param samples interleaved, three a pixel
   */
  public static void toRgb(byte[] samples) {
    for (int i = 0; i + 2 < samples.length; i += 3) {
      double y = samples[i] & 0xFF;
      int blue = (samples[i + 1] & 0xFF) - 128;
      int red = (samples[i + 2] & 0xFF) - 128;
      samples[i] = clamped(y + 1.402 * red);
      samples[i + 1] = clamped(y - 0.344136 * blue - 0.714136 * red);
      samples[i + 2] = clamped(y + 1.772 * blue);
    }
  }

  private static byte clamped(double value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }
}
