package io.histoflow.imaging.colour;

/** A change of colour that is affine in optical density: a 3x3 matrix and an offset. Immutable. */
public final class DensityMap {

  private final float[] m = new float[9];
  private final float[] offset = new float[3];

  /**
   * Makes a map.
   *
   * @param matrix new densities (rows: red, green, blue) from old ones (columns)
   * @param offset is added to the new densities
   */
  DensityMap(double[][] matrix, double[] offset) {
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        m[3 * row + column] = (float) matrix[row][column];
      }
      this.offset[row] = (float) offset[row];
    }
  }

  /** Returns the same map under a lamp that is brighter by a factor: 1 leaves it as it is. */
  public DensityMap brightened(double factor) {
    double[][] matrix = new double[3][3];
    double[] darker = new double[3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        matrix[row][column] = m[3 * row + column];
      }
      darker[row] = offset[row] - Math.log(factor);
    }
    return new DensityMap(matrix, darker);
  }

  /** Changes interleaved RGB pixels in place. */
  public void apply(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      float r = OpticalDensity.of(rgb[i]);
      float g = OpticalDensity.of(rgb[i + 1]);
      float b = OpticalDensity.of(rgb[i + 2]);
      rgb[i] = OpticalDensity.intensity(m[0] * r + m[1] * g + m[2] * b + offset[0]);
      rgb[i + 1] = OpticalDensity.intensity(m[3] * r + m[4] * g + m[5] * b + offset[1]);
      rgb[i + 2] = OpticalDensity.intensity(m[6] * r + m[7] * g + m[8] * b + offset[2]);
    }
  }
}
