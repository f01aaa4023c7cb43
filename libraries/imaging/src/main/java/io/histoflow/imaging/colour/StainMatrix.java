package io.histoflow.imaging.colour;

/**
 * Three stains by their optical densities in red, green and blue: mixing is a product with this
 * matrix, unmixing one with its inverse (colour deconvolution, Ruifrok and Johnston, 2001).
 *
 * <p>The first stain is haematoxylin, the second eosin, the third takes what is left. Immutable.
 */
public final class StainMatrix {

  /** Haematoxylin, eosin and DAB of Ruifrok and Johnston (2001): the HED space. */
  public static final StainMatrix HED =
      new StainMatrix(new double[][] {{0.65, 0.70, 0.29}, {0.07, 0.99, 0.11}, {0.27, 0.57, 0.78}});

  /** Haematoxylin and eosin as Macenko et al. (ISBI 2009) found them on their slides. */
  public static final StainMatrix MACENKO =
      of(new double[] {0.5626, 0.7201, 0.4062}, new double[] {0.2159, 0.8012, 0.5581});

  /**
   * Haematoxylin and DAB of Ruifrok and Johnston (2001), for sections without eosin: what is left
   * stands at right angles to both.
   */
  public static final StainMatrix H_DAB =
      of(
          new double[] {0.6500286, 0.704031, 0.2860126},
          new double[] {0.26814753, 0.57031375, 0.77642715});

  private final double[][] stains;
  private final double[][] unmix;

  private StainMatrix(double[][] stains) {
    this.stains = stains;
    unmix = Matrices.inverse(stains);
  }

  /**
   * Makes a matrix of two stains; the third vector stands at right angles to both.
   *
   * @param haematoxylin densities in red, green and blue, of length 1
   * @param eosin or what else is the second stain: densities in red, green and blue, of length 1,
   *     not parallel to the other
   */
  public static StainMatrix of(double[] haematoxylin, double[] eosin) {
    double[] residual = Matrices.unit(Matrices.cross(haematoxylin, eosin));
    return new StainMatrix(new double[][] {haematoxylin.clone(), eosin.clone(), residual});
  }

  /** Returns the amounts of the three stains behind densities of red, green and blue. */
  public double[] amounts(double... densities) {
    return Matrices.rowTimes(densities, unmix);
  }

  /** Returns the densities of red, green and blue that amounts of the three stains give. */
  public double[] densities(double... amounts) {
    return Matrices.rowTimes(amounts, stains);
  }

  /** Returns how much of the stain a unit of density in red, green and blue adds, in this order. */
  public double[] weights(int stain) {
    return new double[] {unmix[0][stain], unmix[1][stain], unmix[2][stain]};
  }

  /**
   * Returns the map that unmixes with this matrix, changes the amounts and mixes with another.
   *
   * @param change new amounts (rows) from old ones (columns)
   * @param added is added to the new amounts
   * @param target stains to mix with
   */
  public DensityMap map(double[][] change, double[] added, StainMatrix target) {
    double[][] matrix = new double[3][3];
    for (int from = 0; from < 3; from++) {
      double[] amounts = unmix[from];
      double[] changed = new double[3];
      for (int stain = 0; stain < 3; stain++) {
        for (int old = 0; old < 3; old++) {
          changed[stain] += change[stain][old] * amounts[old];
        }
      }
      double[] densities = target.densities(changed);
      for (int to = 0; to < 3; to++) {
        matrix[to][from] = densities[to];
      }
    }
    return new DensityMap(matrix, target.densities(added));
  }

  /** As {@link #map(double[][], double[], StainMatrix)}, each stain scaled by its own gain. */
  public DensityMap scale(double[] gains, double[] added, StainMatrix target) {
    double[][] change = {{gains[0], 0, 0}, {0, gains[1], 0}, {0, 0, gains[2]}};
    return map(change, added, target);
  }
}
