package org.lethe.reveal.search;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * NeuralUCB's bonus, sqrt(lambda nu g' Z^-1 g) with Z = lambda I + the sum of g g' over the pulls
 * so far (Zhou, Li, Gu, ICML 2020, in the scaling of their public code), in forms that never hold a
 * gradient (pipeline/REVEAL.md, The search).
 */
final class ExplorationBonus {
  private ExplorationBonus() {}

  /**
   * With the diagonal of Z alone, as the public code has it.
   *
   * @param past gradients of the arms pulled, or null-free empty features where there are none
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
   * With the whole of Z, by its dual form: lambda g' Z^-1 g = g . g - k' (lambda I + K)^-1 k, with
   * K the inner products of the past gradients and k those of g with them.
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
    RealMatrix solved = // symmetric only up to rounding, which the library would refuse
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
