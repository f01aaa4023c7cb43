package io.histoflow.datasets.synthetic;

import java.util.SplittableRandom;

/**
 * A closed shape: an ellipse whose radius wobbles with the angle. Nuclei, glands and air spaces are
 * blobs.
 */
final class Blob {

  private static final int ANGLES = 64;
  private static final int HARMONICS = 4;
  private static final float TWO_PI = (float) (2 * Math.PI);
  private static final float[] COSINE = new float[ANGLES];

  static {
    for (int i = 0; i < ANGLES; i++) {
      COSINE[i] = (float) StrictMath.cos(2 * Math.PI * i / ANGLES);
    }
  }

  final float x;
  final float y;
  final float major;
  final float minor;
  private final float cos;
  private final float sin;
  private final float[] wobble = new float[ANGLES + 1];
  private final float reach;

  /**
   * @param x centre
   * @param y centre
   * @param major long half axis in pixels
   * @param minor short half axis in pixels
   * @param angle direction of the long axis in radians
   * @param irregularity how far the outline leaves the ellipse, as a share of the radius
   */
  Blob(
      float x,
      float y,
      float major,
      float minor,
      float angle,
      float irregularity,
      SplittableRandom random) {
    this.x = x;
    this.y = y;
    this.major = major;
    this.minor = minor;
    this.cos = (float) StrictMath.cos(angle);
    this.sin = (float) StrictMath.sin(angle);
    int[] phase = new int[HARMONICS];
    float[] height = new float[HARMONICS];
    for (int k = 0; k < HARMONICS; k++) {
      phase[k] = random.nextInt(ANGLES);
      height[k] = irregularity * (float) random.nextDouble() / (k + 1);
    }
    float most = 0;
    for (int i = 0; i < ANGLES; i++) {
      float radius = 1;
      for (int k = 0; k < HARMONICS; k++) {
        radius += height[k] * COSINE[((k + 2) * i + phase[k]) % ANGLES];
      }
      wobble[i] = Math.max(0.4f, radius);
      most = Math.max(most, wobble[i]);
    }
    wobble[ANGLES] = wobble[0];
    this.reach = major * most;
  }

  /** No point of the outline is farther from the centre, in pixels. */
  float reach() {
    return reach;
  }

  /** Radius of the circle of about the same area, in pixels. */
  float meanRadius() {
    return (float) Math.sqrt(major * minor);
  }

  /** Relative radius of a point: 0 at the centre, 1 on the outline, above 1 outside. */
  float radiusAt(float px, float py) {
    float dx = px - x;
    float dy = py - y;
    float u = (cos * dx + sin * dy) / major;
    float v = (cos * dy - sin * dx) / minor;
    float distance = (float) Math.sqrt(u * u + v * v);
    if (distance < 0.3f) {
      return distance;
    }
    return distance / wobbleAt((float) Math.atan2(v, u));
  }

  /** The point at a relative radius in a direction, as {x, y}; the angle is the blob's own. */
  float[] pointAt(float angle, float relativeRadius) {
    float radius = relativeRadius * wobbleAt(angle);
    float u = radius * major * (float) StrictMath.cos(angle);
    float v = radius * minor * (float) StrictMath.sin(angle);
    return new float[] {x + cos * u - sin * v, y + sin * u + cos * v};
  }

  private float wobbleAt(float angle) {
    float turn = angle / TWO_PI;
    float position = (turn - (float) Math.floor(turn)) * ANGLES;
    int i = Math.min((int) position, ANGLES - 1);
    float t = position - i;
    return wobble[i] + t * (wobble[i + 1] - wobble[i]);
  }
}
