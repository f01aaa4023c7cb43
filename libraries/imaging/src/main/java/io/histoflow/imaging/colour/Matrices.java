package io.histoflow.imaging.colour;

import java.util.Arrays;

/** The little of linear algebra that three channels need. */
final class Matrices {

  private static final int SWEEPS = 12;

  private Matrices() {}

  static double[] rowTimes(double[] row, double[][] matrix) {
    double[] product = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        product[j] += row[i] * matrix[i][j];
      }
    }
    return product;
  }

  static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  static double[] unit(double[] a) {
    double length = Math.sqrt(dot(a, a));
    return new double[] {a[0] / length, a[1] / length, a[2] / length};
  }

  /** Returns the angle between two vectors of length 1, in radians. */
  static double angle(double[] a, double[] b) {
    return Math.acos(Math.max(-1, Math.min(1, dot(a, b))));
  }

  static double[][] inverse(double[][] a) {
    double determinant = dot(a[0], cross(a[1], a[2]));
    if (Math.abs(determinant) < 1e-9) {
      throw new IllegalArgumentException("the three stains lie in one plane");
    }
    double[][] inverse = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double[] column = cross(a[(i + 1) % 3], a[(i + 2) % 3]);
      for (int j = 0; j < 3; j++) {
        inverse[j][i] = column[j] / determinant;
      }
    }
    return inverse;
  }

  /**
   * Returns the unit eigenvectors of a symmetric matrix as rows, largest eigenvalue first (cyclic
   * Jacobi rotations).
   */
  static double[][] eigenvectors(double[][] symmetric) {
    double[][] a = {symmetric[0].clone(), symmetric[1].clone(), symmetric[2].clone()};
    double[][] v = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      rotate(a, v, 0, 1);
      rotate(a, v, 0, 2);
      rotate(a, v, 1, 2);
    }
    Integer[] order = {0, 1, 2};
    Arrays.sort(order, (i, j) -> Double.compare(a[j][j], a[i][i]));
    return new double[][] {v[order[0]], v[order[1]], v[order[2]]};
  }

  /** Makes a[p][q] zero; the rows of v turn along. */
  private static void rotate(double[][] a, double[][] v, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
    double c = Math.cos(theta);
    double s = Math.sin(theta);
    for (int k = 0; k < 3; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < 3; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = v[p][k];
      double vq = v[q][k];
      v[p][k] = c * vp - s * vq;
      v[q][k] = s * vp + c * vq;
    }
  }
}
