package org.lethe.reveal.search;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * NeuralUCB's bonus (Zhou, Li, Gu, ICML 2020, arXiv 1911.04462, in the scaling of their public
 * code): sqrt(lambda nu g' Z^-1 g) with Z = lambda I + the sum of g g' over the pulls so far. Here
 * g is the gradient of the predicted reward with respect to all parameters of the network.
 *
 * <p>No form stores a gradient. For f = w . relu(W x + b) + c, let a be the output weights of the
 * active units (0 for the others) and h the activations. Then the gradient has the blocks a x' for
 * W, a for b, h for w and 1 for c, see {@link GradientFeatures}.
 */
final class ExplorationBonus {
  private ExplorationBonus() {}

  /**
   * Uses only the diagonal of Z, as the public code does: sqrt(lambda nu sum_i g_i^2 / Z_ii). For
   * the entry (k, j) of W, Z_ii = lambda + the sum of a_k^2 x_j^2 over the pulls. The other blocks
   * are analogous.
   *
   * @param past gradients of the pulled arms; may have no rows
   * @return [candidates]
   */
  static double[] diagonal(
      GradientFeatures past, GradientFeatures candidates, double lambda, double nu) {
    INDArray activeSquares = GradientFeatures.squares(past.active()); // [t, width]
    INDArray inverseHidden = // 1 / U of W, [width, d]
        reciprocal(
            activeSquares.transpose().mmul(GradientFeatures.squares(past.inputs())).addi(lambda));
    INDArray inverseBias = reciprocal(activeSquares.sum(true, 0).addi(lambda)); // [1, width]
    INDArray inverseOutput = // [1, width]
        reciprocal(GradientFeatures.squares(past.activations()).sum(true, 0).addi(lambda));
    double inverseConstant = 1 / (lambda + past.count());

    INDArray perUnit = // [n, width]
        GradientFeatures.squares(candidates.inputs())
            .mmul(inverseHidden.transpose())
            .addiRowVector(inverseBias);
    INDArray form = // [n]
        GradientFeatures.squares(candidates.active())
            .muli(perUnit)
            .sum(1)
            .addi(
                GradientFeatures.squares(candidates.activations())
                    .muliRowVector(inverseOutput)
                    .sum(1))
            .addi(inverseConstant);
    return rooted(form.toDoubleVector(), lambda * nu);
  }

  /**
   * Uses the whole of Z in its dual form (Woodbury identity): lambda g' Z^-1 g = g . g - k' (lambda
   * I + K)^-1 k. K holds the inner products of the past gradients, and k those of g with them.
   *
   * @return [candidates]
   */
  static double[] full(
      GradientFeatures past, GradientFeatures candidates, double lambda, double nu) {
    RealMatrix regularised = new Array2DRowRealMatrix(past.products(past).toDoubleMatrix(), false);
    for (int i = 0; i < regularised.getRowDimension(); i++) {
      regularised.addToEntry(i, i, lambda);
    }
    RealMatrix cross = // [t, n]
        new Array2DRowRealMatrix(past.products(candidates).toDoubleMatrix(), false);
    RealMatrix solved = // The library rejects a matrix that is symmetric only up to rounding.
        new CholeskyDecomposition(symmetric(regularised), 1e-8, 0).getSolver().solve(cross);
    double[] form = candidates.squaredNorms().toDoubleVector();
    for (int i = 0; i < form.length; i++) {
      double explained = 0;
      for (int k = 0; k < cross.getRowDimension(); k++) {
        explained += cross.getEntry(k, i) * solved.getEntry(k, i);
      }
      form[i] -= explained;
    }
    return rooted(form, nu);
  }

  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }

  private static INDArray reciprocal(INDArray values) {
    return Nd4j.ones(values.dataType(), values.shape()).divi(values);
  }

  private static double[] rooted(double[] form, double factor) {
    double[] bonus = new double[form.length];
    for (int i = 0; i < form.length; i++) {
      bonus[i] = Math.sqrt(Math.max(0, factor * form[i]));
    }
    return bonus;
  }
}
