package io.histoflow.ihc;

import io.histoflow.ihc.transform.Transform;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.OpticalDensity;
import io.histoflow.imaging.colour.StainMatrix;
import java.util.SplittableRandom;

/** Neighbouring sections that are drawn (synthetic): clumps of haematoxylin, and DAB on a disc. */
public final class SyntheticSections {
  private final double[][] clumps;
  private final double side;

  /**
   * @param side of the area that has clumps, in pixels
   * @param seed the same seed gives the same clumps
   */
  public SyntheticSections(double side, long seed) {
    this.side = side;
    SplittableRandom random = new SplittableRandom(seed);
    clumps = new double[(int) (side * side / 4000)][];
    for (int i = 0; i < clumps.length; i++) {
      clumps[i] =
          new double[] {
            random.nextDouble(side),
            random.nextDouble(side),
            random.nextDouble(8, 26),
            random.nextDouble(0.2, 0.5)
          };
    }
  }

  /** The amount of haematoxylin at a point, in decadic optical density. */
  public double haematoxylin(double x, double y) {
    double amount = 0;
    for (double[] clump : clumps) {
      double dx = x - clump[0];
      double dy = y - clump[1];
      double squared = (dx * dx + dy * dy) / (clump[2] * clump[2]);
      if (squared < 12) {
        amount += clump[3] * Math.exp(-squared / 2);
      }
    }
    return amount;
  }

  /** Whether a point lies on the disc that DAB stains: in the middle, of a quarter of the side. */
  public boolean stained(double x, double y) {
    return Math.hypot(x - side / 2, y - side / 2) < side / 4;
  }

  /** The H&E section: haematoxylin, and eosin everywhere. */
  public RgbImage he(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int row = i / width;
      put(rgb, i, StainMatrix.HED, haematoxylin(i % width, row), 0.1);
    }
    return RgbImage.of(width, height, rgb);
  }

  /**
   * The H-DAB section.
   *
   * @param toHe where its pixels lie on the H&E section
   * @param dab amount on the disc, in decadic optical density
   */
  public RgbImage ihc(int width, int height, Transform toHe, double dab) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int row = i / width;
      double x = toHe.x(i % width, row);
      double y = toHe.y(i % width, row);
      put(rgb, i, StainMatrix.H_DAB, haematoxylin(x, y), stained(x, y) ? dab : 0.02);
    }
    return RgbImage.of(width, height, rgb);
  }

  private static void put(byte[] rgb, int pixel, StainMatrix stains, double first, double second) {
    double[] densities = stains.densities(first, second, 0);
    for (int c = 0; c < 3; c++) {
      rgb[3 * pixel + c] = OpticalDensity.intensity((float) (densities[c] * Math.log(10)));
    }
  }
}
