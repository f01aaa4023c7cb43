package io.histoflow.datasets.synthetic;

import java.util.SplittableRandom;

/** Smooth value noise: random numbers on a periodic lattice, interpolated in between. */
final class Noise {

  private static final int PERIOD = 256;
  private static final int WRAP = PERIOD - 1;

  private final float[] lattice = new float[PERIOD * PERIOD];

  Noise(SplittableRandom random) {
    for (int i = 0; i < lattice.length; i++) {
      lattice[i] = (float) (2 * random.nextDouble() - 1);
    }
  }

  /** The noise at a point, -1..1; features are about one unit wide. */
  float at(float x, float y) {
    int xi = (int) Math.floor(x);
    int yi = (int) Math.floor(y);
    float u = ease(x - xi);
    float v = ease(y - yi);
    int row0 = (yi & WRAP) * PERIOD;
    int row1 = ((yi + 1) & WRAP) * PERIOD;
    int column0 = xi & WRAP;
    int column1 = (xi + 1) & WRAP;
    float top = lattice[row0 + column0] + u * (lattice[row0 + column1] - lattice[row0 + column0]);
    float low = lattice[row1 + column0] + u * (lattice[row1 + column1] - lattice[row1 + column0]);
    return top + v * (low - top);
  }

  /** Two octaves: {@link #at} with half as much detail of half the size on top, about -1..1. */
  float rough(float x, float y) {
    return (at(x, y) + 0.5f * at(2 * x + 31.7f, 2 * y + 17.3f)) / 1.5f;
  }

  private static float ease(float t) {
    return t * t * (3 - 2 * t);
  }
}
