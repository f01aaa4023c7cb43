package io.histoflow.ihc.registration;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** The normal equations of a linear least-squares problem. */
final class LeastSquares {
  /** Symmetric and positive definite; of it the lower triangle is filled. */
  final double[][] matrix;

  final double[] target;

  LeastSquares(int unknowns) {
    matrix = new double[unknowns][unknowns];
    target = new double[unknowns];
  }

  /**
   * Returns the unknowns.
   *
   * @throws ArithmeticException where the equations do not determine them
   */
  double[] solve() {
    int unknowns = target.length;
    for (int i = 0; i < unknowns; i++) {
      for (int j = 0; j < i; j++) {
        matrix[j][i] = matrix[i][j];
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(unknowns);
    if (!solver.setA(new DMatrixRMaj(matrix))) {
      throw new ArithmeticException("the equations do not determine their unknowns");
    }
    DMatrixRMaj solution = new DMatrixRMaj(unknowns, 1);
    solver.solve(new DMatrixRMaj(target), solution);
    return solution.data;
  }
}
