package org.lethe.direction;

import java.util.List;
import org.lethe.direction.Combination.Term;
import org.lethe.tensor.FlatVectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forms d block by block, in double and rounded once, and hands it on with the blocks of the
 * vectors that the optimizer changes. So d itself never travels through memory.
 */
abstract class DirectionKernel implements FlatVectors.Kernel {
  private final List<Term> terms;

  DirectionKernel(Combination direction) {
    this.terms = direction.terms();
  }

  /** Visits all blocks; {@code changed} are given to the kernel from index {@link #first} on. */
  final void run(List<INDArray> changed) {
    FlatVectors.update(terms.stream().map(Term::vector).toList(), changed, this);
  }

  /** Index of the first changed vector among the blocks; d stands at index 0. */
  final int first() {
    return terms.size();
  }

  abstract void stepFloats(float[] d, float[][] vectors, int length);

  abstract void stepDoubles(double[] d, double[][] vectors, int length);

  @Override
  public final void floats(float[][] vectors, int length) {
    float[] d = vectors[0];
    double w0 = terms.get(0).weight();
    if (terms.size() == 2) {
      float[] other = vectors[1];
      double w1 = terms.get(1).weight();
      for (int i = 0; i < length; i++) {
        d[i] = (float) (w0 * d[i] + w1 * other[i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        d[i] = (float) (w0 * d[i]);
      }
    }
    stepFloats(d, vectors, length);
  }

  @Override
  public final void doubles(double[][] vectors, int length) {
    double[] d = vectors[0];
    double w0 = terms.get(0).weight();
    if (terms.size() == 2) {
      double[] other = vectors[1];
      double w1 = terms.get(1).weight();
      for (int i = 0; i < length; i++) {
        d[i] = w0 * d[i] + w1 * other[i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        d[i] = w0 * d[i];
      }
    }
    stepDoubles(d, vectors, length);
  }
}
