package io.histoflow.imaging.imageio;

/** Brightness and two differences of colour, all over 0..255, as JFIF has them (ITU-T T.871). */
public final class YCbCr {

  /** Of fractions: all that decide but where the decimals lie exactly half-way. */
  private static final int BITS = 22;

  private static final int HALF = 1 << (BITS - 1);
  private static final int RED_OF_RED = (int) Math.round(1.402 * (1 << BITS));
  private static final int GREEN_OF_BLUE = (int) Math.round(0.344136 * (1 << BITS));
  private static final int GREEN_OF_RED = (int) Math.round(0.714136 * (1 << BITS));
  private static final int BLUE_OF_BLUE = (int) Math.round(1.772 * (1 << BITS));

  private YCbCr() {}

  /**
   * Turns samples into red, green and blue where they are.
   *
   * @param samples interleaved, three a pixel
   */
  public static void toRgb(byte[] samples) {
    for (int i = 0; i + 2 < samples.length; i += 3) {
      int y = ((samples[i] & 0xFF) << BITS) + HALF;
      int blue = (samples[i + 1] & 0xFF) - 128;
      int red = (samples[i + 2] & 0xFF) - 128;
      samples[i] = clamped(y + RED_OF_RED * red);
      samples[i + 1] = clamped(y - GREEN_OF_BLUE * blue - GREEN_OF_RED * red);
      samples[i + 2] = clamped(y + BLUE_OF_BLUE * blue);
    }
  }

  /** Rounded half up. */
  private static byte clamped(int value) {
    return (byte) Math.max(0, Math.min(255, value >> BITS));
  }
}
