package io.histoflow.imaging;

/**
 * Colours an entropy map: dark for 0 bit, through violet, crimson and orange to pale yellow for 1
 * bit, ever lighter, so that it reads in grey and by people who do not tell red from green.
 */
public final class HeatMap {
  /** Evenly spaced over 0..255; the review page's legend shows the same. */
  private static final int[] ANCHORS = {0x04030f, 0x3b1470, 0xa0305f, 0xf08a24, 0xfcfaa4};

  private static final byte[] PALETTE = palette();

  private HeatMap() {}

  /** Colours a map of 0..255 for 0..1 bit, pixel by pixel. */
  public static RgbImage of(GreyImage entropy) {
    byte[] values = entropy.values();
    byte[] rgb = new byte[values.length * 3];
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(PALETTE, (values[i] & 0xff) * 3, rgb, i * 3, 3);
    }
    return RgbImage.of(entropy.width(), entropy.height(), rgb);
  }

  private static byte[] palette() {
    byte[] palette = new byte[256 * 3];
    for (int value = 0; value < 256; value++) {
      double place = value / 255.0 * (ANCHORS.length - 1);
      int below = Math.min((int) place, ANCHORS.length - 2);
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        int from = ANCHORS[below] >> shift & 0xff;
        int to = ANCHORS[below + 1] >> shift & 0xff;
        palette[value * 3 + channel] = (byte) Math.round(from + (to - from) * (place - below));
      }
    }
    return palette;
  }
}
