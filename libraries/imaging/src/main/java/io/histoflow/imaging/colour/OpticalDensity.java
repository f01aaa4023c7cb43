package io.histoflow.imaging.colour;

/**
 * Optical density of one channel by the Beer-Lambert law, natural logarithm: what stains add to. 0
 * is white, {@value #BLACK} is black. Intensities are lifted by one level, so that black is finite.
 */
public final class OpticalDensity {

  /** The density of intensity 0: ln 256. */
  public static final float BLACK = 5.5451775f;

  private static final int STEPS_PER_UNIT = 4096;
  private static final float[] DENSITY = new float[256];
  private static final byte[] INTENSITY = new byte[(int) (BLACK * STEPS_PER_UNIT) + 2];

  static {
    for (int i = 0; i < 256; i++) {
      DENSITY[i] = (float) -Math.log((i + 1) / 256.0);
    }
    for (int i = 0; i < INTENSITY.length; i++) {
      double intensity = 256 * Math.exp(-(double) i / STEPS_PER_UNIT) - 1;
      INTENSITY[i] = (byte) Math.max(0, Math.round(intensity));
    }
  }

  private OpticalDensity() {}

  /** Returns the density of an intensity, 0..255 as an unsigned byte. */
  public static float of(byte intensity) {
    return DENSITY[intensity & 0xff];
  }

  /** Returns the nearest intensity, white for negative densities. */
  public static byte intensity(float density) {
    int step = (int) (density * STEPS_PER_UNIT + 0.5f);
    return INTENSITY[Math.max(0, Math.min(INTENSITY.length - 1, step))];
  }
}
