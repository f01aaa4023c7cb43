package io.histoflow.datasets.synthetic;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.StainMatrix;
import java.util.SplittableRandom;

/**
 * Turns amounts of haematoxylin and eosin into colour by the Beer-Lambert law: intensity = white
 * &middot; exp(-(h H + e E)), per channel.
 *
 * <p>H and E are the optical densities of pure stains for red, green and blue, unit vectors as in
 * Macenko et al. (ISBI 2009), turned a little for each slide: no two laboratories stain alike.
 */
final class StainMix {

  private static final float[] HAEMATOXYLIN = stain(1, 0);
  private static final float[] EOSIN = stain(0, 1);
  private static final float[] BLOOD = {0.1100f, 0.7600f, 0.6400f};
  private static final int STEPS = 4096;
  private static final float DENSEST = 4;

  private final float[] transmitted = new float[STEPS + 1];
  private final float[] h;
  private final float[] e;
  private final float hGain;
  private final float eGain;
  private final float white;

  /**
   * @param random draws this slide's stain: hue of both dyes, their strength, and the lamp
   */
  StainMix(SplittableRandom random) {
    h = turned(HAEMATOXYLIN, random);
    e = turned(EOSIN, random);
    hGain = 0.85f + 0.40f * (float) random.nextDouble();
    eGain = 0.75f + 0.55f * (float) random.nextDouble();
    white = 238 + 12 * (float) random.nextDouble();
    for (int i = 0; i <= STEPS; i++) {
      transmitted[i] = (float) StrictMath.exp(-DENSEST * i / STEPS);
    }
  }

  /**
   * Develops a picture.
   *
   * @param haematoxylin optical density, (H, W)
   * @param eosin optical density, (H, W)
   * @param blood optical density of red cells, (H, W)
   * @param random draws the camera's noise
   */
  RgbImage develop(
      int width,
      int height,
      float[] haematoxylin,
      float[] eosin,
      float[] blood,
      SplittableRandom random) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < haematoxylin.length; i++) {
      float hd = hGain * haematoxylin[i];
      float ed = eGain * eosin[i];
      float bd = blood[i];
      long bits = random.nextLong();
      for (int c = 0; c < 3; c++) {
        float density = hd * h[c] + ed * e[c] + bd * BLOOD[c];
        int step = Math.min(STEPS, Math.max(0, (int) (density * (STEPS / DENSEST))));
        float noise = noise(bits >>> (20 * c));
        int value = Math.round(white * transmitted[step] + noise);
        rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  /** Sum of two uniform deviates, -3..3 grey levels. */
  private static float noise(long bits) {
    return ((bits & 0x3FF) + ((bits >>> 10) & 0x3FF) - 1023) * (3f / 1023);
  }

  private static float[] stain(double haematoxylin, double eosin) {
    double[] densities = StainMatrix.MACENKO.densities(haematoxylin, eosin, 0);
    return new float[] {(float) densities[0], (float) densities[1], (float) densities[2]};
  }

  private static float[] turned(float[] stain, SplittableRandom random) {
    float[] result = new float[3];
    float square = 0;
    for (int c = 0; c < 3; c++) {
      result[c] = stain[c] + 0.09f * (2 * (float) random.nextDouble() - 1);
      square += result[c] * result[c];
    }
    float norm = (float) Math.sqrt(square);
    for (int c = 0; c < 3; c++) {
      result[c] /= norm;
    }
    return result;
  }
}
