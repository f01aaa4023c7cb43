package io.histoflow.imaging.colour;

/**
 * A tile as one channel that is linear in optical density: hue is suppressed, and so are the lamp's
 * brightness and, within bounds, the strength of the stain, for a tile's densest pixels come out
 * alike.
 *
 * <p>0 stands for the tile's light, {@value #FULL} for its 99th percentile of density; denser
 * pixels go on to 255. A tile of less density than the bound, such as glass, stays pale: noise is
 * not blown up.
 */
public final class DensityChannel {

  /** The density of all stains together: the mean of red, green and blue. */
  public static final DensityChannel GREY =
      new DensityChannel(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, 0.6, 2.4, false);

  /** The amount of haematoxylin in HED space. */
  public static final DensityChannel HAEMATOXYLIN =
      new DensityChannel(StainMatrix.HED.weights(0), 0.5, 3.0, true);

  /** The value of a tile's 99th percentile of density. */
  public static final int FULL = 192;

  private static final double DENSEST_SHARE = 0.99;

  private final double[] weights;
  private final double least;
  private final double most;
  private final boolean leavesBlackOut;

  /**
   * Makes a channel.
   *
   * @param weights of the densities of red, green and blue
   * @param least the least density that is stretched to {@value #FULL}
   * @param most the greatest density that is compressed to {@value #FULL}
   * @param leavesBlackOut whether black pixels count as light
   */
  private DensityChannel(double[] weights, double least, double most, boolean leavesBlackOut) {
    this.weights = weights;
    this.least = least;
    this.most = most;
    this.leavesBlackOut = leavesBlackOut;
  }

  /**
   * Returns the channel of interleaved RGB pixels.
   *
   * @return one value a pixel, 0..255 as unsigned bytes
   */
  public byte[] of(byte[] rgb) {
    DensitySample all = new DensitySample(rgb);
    DensitySample sample = leavesBlackOut ? all.stained() : all;
    boolean hasBlack = sample != all;
    double full = Math.max(least, Math.min(most, sample.percentile(weights, DENSEST_SHARE)));
    float r = (float) (weights[0] * FULL / full);
    float g = (float) (weights[1] * FULL / full);
    float b = (float) (weights[2] * FULL / full);
    float light = sample.light();
    float offset = 0.5f - (r + g + b) * light;
    byte[] channel = new byte[rgb.length / 3];
    for (int i = 0; i < channel.length; i++) {
      float red = OpticalDensity.of(rgb[3 * i]);
      float green = OpticalDensity.of(rgb[3 * i + 1]);
      float blue = OpticalDensity.of(rgb[3 * i + 2]);
      if (!hasBlack || !DensitySample.isBlack(red - light, green - light, blue - light)) {
        float value = r * red + g * green + b * blue + offset;
        channel[i] = (byte) Math.max(0, Math.min(255, (int) value));
      }
    }
    return channel;
  }
}
